"""How a report's page looks, and what stands around it."""

STYLE = """
.mlp-report {
  --paper: #ffffff; --ink: #1c2024; --faint: #5b646d; --rule: #d5dadf;
  --train: #0072b2; --test: #c04f00; --gap: #c9d0d7; --accent: #0b6e4f;
  background: var(--paper); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", sans-serif; font-size: 16px;
  margin: 0 auto; padding: 1.2rem; max-width: 76rem; box-sizing: border-box;
  overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) {
  .mlp-report {
    --paper: #15191d; --ink: #e8ebee; --faint: #a3adb7; --rule: #3a424a;
    --train: #56b4e9; --test: #f0a04b; --gap: #49535d; --accent: #62d2a2;
  }
}
.mlp-report h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
.mlp-report h2 { font-size: 1.2rem; margin: 1.8rem 0 .5rem; }
.mlp-report p { margin: .3rem 0; max-width: 48rem; }
.mlp-report .faint { color: var(--faint); }
.mlp-report .verdict {
  border-left: .4rem solid var(--test); padding: .2rem 0 .2rem 1rem; margin: 1rem 0;
}
.mlp-report .verdict.suspect { border-color: var(--gap); border-left-style: double; }
.mlp-report .verdict.balanced { border-color: var(--accent); }
.mlp-report .verdict b { font-size: 1.3rem; text-transform: capitalize; }
.mlp-report .pictures {
  display: grid; gap: 1rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
}
.mlp-report svg { width: 100%; max-width: 36rem; height: auto; display: block; }
.mlp-report svg text { fill: var(--ink); font-size: 11px; font-family: inherit; }
.mlp-report svg .heading { font-size: 13px; font-weight: 600; }
.mlp-report svg .grid { stroke: var(--rule); stroke-width: .7; }
.mlp-report svg .chance { stroke: var(--faint); stroke-width: 1.5; }
.mlp-report svg .own { stroke: var(--faint); stroke-dasharray: 2 3; }
.mlp-report svg .gap { fill: var(--gap); }
.mlp-report svg .mark { stroke: var(--paper); stroke-width: 1; }
.mlp-report svg .mark.train { fill: var(--train); }
.mlp-report svg .mark.test { fill: var(--test); }
.mlp-report svg .line { fill: none; stroke-width: 2; }
.mlp-report svg .line.train { stroke: var(--train); }
.mlp-report svg .line.test { stroke: var(--test); stroke-dasharray: 6 4; }
.mlp-report svg .cell { fill: var(--train); stroke: var(--rule); stroke-width: .7; }
.mlp-report svg .dot { fill: var(--train); opacity: .45; }
.mlp-report svg .dot.beyond { fill: none; stroke: var(--test); opacity: 1; }
.mlp-report svg .band { stroke: none; opacity: .16; }
.mlp-report svg .band.train { fill: var(--train); }
.mlp-report svg .band.test { fill: var(--test); }
.mlp-report table {
  border-collapse: collapse; width: 100%; background: none; font-size: .95rem;
  color: inherit; table-layout: auto;
}
.mlp-report tr { background: none; }
.mlp-report th, .mlp-report td {
  text-align: left; padding: .35rem .7rem .35rem 0; vertical-align: top;
  border-bottom: 1px solid var(--rule); font-variant-numeric: tabular-nums;
  overflow-wrap: break-word;
}
.mlp-report summary { cursor: pointer; color: var(--faint); }
.mlp-report code { font-size: .9em; }
.mlp-report td.yes { color: var(--accent); font-weight: 700; }
.mlp-report dl {
  display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem;
}
.mlp-report dt { color: var(--faint); }
.mlp-report dd { margin: 0; }
@media (max-width: 45rem) {
  .mlp-report thead { position: absolute; left: -999rem; }
  .mlp-report tr {
    display: block; padding: .5rem 0; border-bottom: 1px solid var(--rule);
  }
  .mlp-report th, .mlp-report td {
    display: flex; border: 0; padding: .1rem 0; overflow-wrap: anywhere;
  }
  .mlp-report td:empty { display: none; }
  .mlp-report dl { grid-template-columns: minmax(0, 1fr); }
  .mlp-report dd { margin-bottom: .5rem; }
  .mlp-report td::before {
    content: attr(data-name); color: var(--faint); flex: 0 0 9.5rem;
  }
}
@media print {
  .mlp-report {
    --paper: #ffffff; --ink: #000000; --faint: #444444; --rule: #bbbbbb;
    --train: #0072b2; --test: #c04f00; --gap: #cccccc; --accent: #000000;
    font-size: 11pt; padding: 0;
  }
  .mlp-report svg, .mlp-report tr, .mlp-report .verdict { break-inside: avoid; }
  .mlp-report h2 { break-after: avoid; }
}
""".strip()

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
body {{ margin: 0; background: #ffffff; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #15191d; }} }}
@media print {{ body {{ background: #ffffff; }} }}
</style>
</head>
<body>
{body}
</body>
</html>
"""
