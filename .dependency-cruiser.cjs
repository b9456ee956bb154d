// Who may import whom. The drawing of this is in ARCHITECTURE.md.
const workspaces = '^packages/[^/]+/src'
const allowed = {
  scxml: [],
  contact: [],
  runtime: ['scxml'],
  modules: ['scxml', 'runtime', 'contact'],
  adapters: ['scxml', 'runtime', 'contact'],
  testing: ['scxml', 'runtime', 'contact', 'modules', 'adapters'],
  server: ['scxml', 'runtime', 'contact', 'modules', 'adapters'],
  cli: ['scxml', 'runtime', 'contact', 'modules', 'adapters', 'server', 'testing'],
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: workspaces },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...Object.entries(allowed).map(([name, targets]) => ({
      name: `direction-of-${name}`,
      comment: `${name} imports only ${targets.join(', ') || 'no other workspace'}`,
      severity: 'error',
      from: { path: `^packages/${name}/src` },
      to: {
        path: '^packages/[^/]+/src',
        pathNot: `^packages/(${[name, ...targets].join('|')})/src`,
      },
    })),
    {
      name: 'no-deep-imports',
      comment: 'other packages are used through their index.ts',
      severity: 'error',
      from: { path: '^packages/([^/]+)/(src|test)' },
      to: { path: '^packages/[^/]+/src/', pathNot: ['^packages/$1/src', '/src/index\\.ts$'] },
    },
    {
      name: 'pure-packages',
      comment: 'scxml and contact run in a browser too',
      severity: 'error',
      from: { path: '^packages/(scxml|contact)/src' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'modules-never-import-each-other',
      severity: 'error',
      from: {
        path: '^packages/modules/src/(session|ws|dfm|queue|interaction|dialog|statistic|classification|resource|elasticconnector|agent)/',
      },
      to: {
        path: '^packages/modules/src/(session|ws|dfm|queue|interaction|dialog|statistic|classification|resource|elasticconnector|agent)/',
        pathNot: '^packages/modules/src/$1/',
      },
    },
    { name: 'not-to-test', severity: 'error', from: { path: workspaces }, to: { path: '/test/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'node', 'default'] },
  },
}
