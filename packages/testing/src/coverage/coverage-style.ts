/** Style of the coverage pages: light and dark, nothing from outside. */
export const COVERAGE_STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1c2430; --soft: #5c6675; --line: #d5dae2; --d0: #f6f8fb; --d1: #ffffff;
  --full: #15803d; --full-back: #dcf5e4; --part: #a15c00; --part-back: #fdf0d3; --none: #c02626; --none-back: #fde6e6; }
@media (prefers-color-scheme: dark) { :root { --page: #12161d; --ink: #e4e9f1; --soft: #98a3b3; --line: #323b49; --d0: #1a2029; --d1: #12161d;
  --full: #55d08a; --full-back: #12351f; --part: #f0b54b; --part-back: #3d2d0c; --none: #ff8080; --none-back: #431a1d; } }
* { box-sizing: border-box }
body { margin: 0; padding: 24px 28px 60px; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 22px; margin: 0 0 2px } h2 { font-size: 17px; margin: 32px 0 10px }
p.where { margin: 0 0 18px; color: var(--soft); overflow-wrap: anywhere } a { color: inherit }
.shares { display: flex; gap: 28px; flex-wrap: wrap; margin: 0 0 20px }
.share { min-width: 170px } .share b { font-size: 19px; font-variant-numeric: tabular-nums } .share span { color: var(--soft) }
.bar { height: 7px; border-radius: 4px; background: var(--none-back); overflow: hidden; margin-top: 4px } .bar i { display: block; height: 100%; background: var(--full) }
.legend { display: flex; gap: 18px; color: var(--soft); font-size: 13px; margin: 0 0 8px; flex-wrap: wrap } .legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 5px; vertical-align: -1px; border: 1.5px solid }
i.full { background: var(--full-back); border-color: var(--full) } i.part { background: var(--part-back); border-color: var(--part) } i.none { background: var(--none-back); border-color: var(--none) }
.frame { border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow: auto }
svg.chart { display: block; width: 100%; height: auto } svg text { font: 11px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink) } svg .name { font-weight: 600 }
.box { stroke-width: 1.5 } .box.full { stroke: var(--full) } .box.none { stroke: var(--none) } .box.d0 { fill: var(--d0) } .box.d1 { fill: var(--d1) }
.box.atomic.full, .box.final.full { fill: var(--full-back) } .box.atomic.none, .box.final.none { fill: var(--none-back) } .box.parallel { stroke-dasharray: 6 3 } .box.history { fill: var(--d0); stroke: var(--soft) }
.initial { fill: var(--ink) } .arrow { fill: none; stroke-width: 1.6; stroke-linejoin: round } .arrow.full { stroke: var(--full) } .arrow.part { stroke: var(--part) } .arrow.none { stroke: var(--none); stroke-dasharray: 5 3 }
.hover { fill: none; stroke: transparent; stroke-width: 12 } .transition:hover .arrow { stroke-width: 3 } .transition:hover .label { font-weight: 700 }
.head.full { fill: var(--full) } .head.part { fill: var(--part) } .head.none { fill: var(--none) } .back { fill: var(--page); opacity: .82 }
svg text.label.full, svg text.inside.full { fill: var(--full) } svg text.label.part, svg text.inside.part { fill: var(--part) } svg text.label.none, svg text.inside.none { fill: var(--none) }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: 13.5px } th { text-align: left; color: var(--soft); font-weight: 500 }
th, td { padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top } td.n { text-align: right; font-variant-numeric: tabular-nums }
td.mono { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12.5px; overflow-wrap: anywhere } tr.full td:first-child { color: var(--full) } tr.part td:first-child { color: var(--part) } tr.none td:first-child { color: var(--none) }
`
