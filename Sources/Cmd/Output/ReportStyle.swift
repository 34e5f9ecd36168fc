/// The style of the page: two schemes with a contrast of at least 4.5 to 1, system fonts, tables
/// that scroll in themselves, and paper.
let reportStyle = """
  :root{--page:#faf9f7;--card:#fff;--text:#1d2024;--soft:#565c65;--rule:#dedbd5;--link:#1d5a9c;
  --good:#17653a;--open:#7d4d00;--bad:#a3232b;--tint-good:#e6f3ea;--tint-open:#fbf0dc;
  --tint-bad:#fbe7e7;--old:#fdeeee;--old-mark:#f6c3c3;--new:#e9f6ec;--new-mark:#b4e2c0;
  --code:#f3f1ed;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
  @media (prefers-color-scheme:dark){:root{--page:#141619;--card:#1b1e22;--text:#e5e7ea;
  --soft:#a3aab4;--rule:#343941;--link:#86b7f2;--good:#76d296;--open:#e8bb66;--bad:#f4938b;
  --tint-good:#16281d;--tint-open:#2d2412;--tint-bad:#34191b;--old:#33191c;--old-mark:#6b2b31;
  --new:#152b1c;--new-mark:#22593a;--code:#24282d}}
  *{box-sizing:border-box}
  html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
  body{margin:0 auto;max-width:74rem;padding:2rem 1.25rem 3rem;background:var(--page);
  color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",
  Arial,sans-serif;font-variant-numeric:tabular-nums}
  h1,h2,h3,p,ul,figure{margin:0}
  h1{display:flex;gap:.75rem;align-items:center;margin:.75rem 0 1.25rem;padding:1rem 1.25rem;
  border-radius:.75rem;font-size:1.5rem;line-height:1.3;font-weight:600;letter-spacing:-.01em;
  overflow-wrap:anywhere}
  h1 span{flex:none;display:grid;place-items:center;width:2rem;height:2rem;border-radius:50%;
  border:2px solid;font-size:1.1rem;line-height:1}
  h1.good{background:var(--tint-good);color:var(--good)}
  h1.open{background:var(--tint-open);color:var(--open)}
  h1.bad{background:var(--tint-bad);color:var(--bad)}
  h2{margin:2.75rem 0 .75rem;padding-bottom:.4rem;border-bottom:1px solid var(--rule);
  font-size:1.2rem;font-weight:600}
  h3{margin:1.5rem 0 .5rem;font-size:1rem;font-weight:600}
  small{color:var(--soft);font-size:.85em;font-weight:400;margin-left:.25rem}
  .where{display:flex;flex-wrap:wrap;gap:.25rem 1rem;color:var(--soft)}
  .where b{color:var(--text)}
  .facts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;padding:0;list-style:none;color:var(--soft)}
  .facts b{color:var(--text);font-size:1.35rem;font-weight:600;margin-right:.15rem}
  .note,.empty,.why,footer{color:var(--soft);font-size:.9rem}
  .note+.scroll,.note+h3{margin-top:.75rem}
  .good{color:var(--good)}.open{color:var(--open)}
  .name,code,.diff{font-family:var(--mono);font-size:.875em;unicode-bidi:isolate}
  .name{overflow-wrap:anywhere}
  code{padding:.1em .35em;border-radius:.3em;background:var(--code);overflow-wrap:anywhere}
  .scroll{overflow-x:auto;border:1px solid var(--rule);border-radius:.5rem;
  background:var(--card)}
  .scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
  table{border-collapse:collapse;width:100%}
  .scroll th,.scroll td{padding:.45rem .8rem;text-align:left;vertical-align:top}
  .scroll tr+tr>*,.scroll tbody tr:first-child>*{border-top:1px solid var(--rule)}
  .scroll thead+tbody tr:first-child>*{border-top:1px solid var(--rule)}
  .scroll table:not(:has(thead)) tr:first-child>*{border-top:0}
  thead th{color:var(--soft);font-size:.85rem;font-weight:500;white-space:nowrap}
  .scroll td.name{min-width:14rem}
  .matrix{width:auto}
  .matrix th,.matrix td{white-space:nowrap}
  .matrix td{text-align:right}
  .matrix thead th+th{text-align:right;color:var(--text)}
  .matrix tbody th{position:sticky;left:0;background:var(--card);font-weight:500}
  .matrix .none,.matrix .self{color:var(--soft)}
  .matrix .some{background:var(--tint-open);color:var(--open);font-weight:700}
  .matrix .unknown{color:var(--open)}
  .hosts{margin:.75rem 0 0;padding:0;list-style:none}
  .hosts li{padding:.2rem 0}
  .why{overflow-wrap:anywhere}
  article{margin:1rem 0 1.5rem;padding:1.1rem 1.25rem 1.25rem;border:1px solid var(--rule);
  border-radius:.75rem;background:var(--card)}
  article h3{margin:0;font-size:1rem}
  article .scroll{margin-top:.75rem;background:none}
  .kind{display:flex;flex-wrap:wrap;gap:.15rem .9rem;align-items:baseline;color:var(--soft);
  font-size:.9rem}
  .kind b{color:var(--open);font-weight:600}
  .versions{font-size:.9rem}
  .versions td{white-space:nowrap}
  .who span{margin-right:.6rem}
  .who .live{padding:.05em .5em;border:1px solid;border-radius:1em;color:var(--good);
  font-size:.85em}
  .diff{margin-top:1rem;border:1px solid var(--rule);border-radius:.5rem;overflow:hidden;
  font-size:.8125rem;line-height:1.5}
  .diff table{table-layout:fixed}
  .diff th{padding:.35rem .6rem;text-align:left;font-weight:600;color:var(--text);
  background:var(--code);white-space:normal;overflow-wrap:anywhere}
  .diff td{padding:0 .6rem;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere;
  tab-size:4}
  .diff col.n{width:3.6rem}
  .diff td.n{padding:0 .5rem;color:var(--soft);text-align:right;
  -webkit-user-select:none;user-select:none}
  .diff thead th:nth-child(2){border-left:1px solid var(--rule)}
  .diff td:nth-child(3){border-left:1px solid var(--rule)}
  .diff tr:first-child td{padding-top:.25rem}.diff tr:last-child td{padding-bottom:.25rem}
  .diff .old,.diff .new,.alone td+td{padding-left:1.7rem}
  .mark{display:inline-block;width:1.1rem;margin-left:-1.1rem;font-weight:700;
  -webkit-user-select:none;user-select:none}
  .diff th .mark{margin-left:0}
  .changed .old,.removed .old{background:var(--old)}
  .changed .new,.added .new{background:var(--new)}
  .old .mark{color:var(--bad)}.new .mark{color:var(--good)}
  mark{background:none;color:inherit;border-radius:.2em;font-weight:600}
  .old mark{background:var(--old-mark)}.new mark{background:var(--new-mark)}
  .diff i{padding:0 .25em;border-radius:.2em;background:var(--code);color:var(--soft);
  font-style:normal}
  .diff .end{margin-left:.5em}
  .diff .gap td{padding:.15rem .6rem;color:var(--soft);background:var(--code);
  text-align:center;font-family:system-ui,sans-serif}
  article .note{margin-top:.75rem}
  .ways{margin-top:1rem;font-size:.9rem;color:var(--soft)}
  .ways code{color:var(--text);display:inline-block;margin:.15rem .25rem .15rem 0}
  .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(18rem,100%),1fr));
  gap:1rem;margin-top:1rem}
  figure{padding:.9rem 1rem;border:1px solid var(--rule);border-radius:.75rem;
  background:var(--card)}
  figcaption{display:flex;flex-wrap:wrap;gap:.1rem .9rem;margin-bottom:.5rem;font-size:.85rem;
  color:var(--soft)}
  figcaption b{color:var(--text);font-weight:600}
  figcaption>b{width:100%}
  figure>svg{display:block;width:100%;height:4.5rem}
  svg path{fill:none;vector-effect:non-scaling-stroke;stroke-width:1.75}
  .base{stroke:var(--rule)}.whole{stroke:var(--link)}
  .dashed{stroke:var(--open);stroke-dasharray:5 3}
  .key{width:1.25rem;height:.4rem;vertical-align:middle}
  footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--rule)}
  @media (max-width:46rem){
  body{padding:1rem .9rem 2rem}
  h1{padding:.85rem 1rem;font-size:1.2rem}
  article{padding:.9rem}
  .diff table,.diff thead,.diff tbody{display:block}
  .diff tr{display:grid;grid-template-columns:2.75rem minmax(0,1fr)}
  .diff th,.gap td{grid-column:1/-1}
  .diff td.n{padding:0 .4rem}.diff colgroup{display:none}
  .diff thead th:nth-child(2),.diff td:nth-child(3){border-left:0}
  .diff .same .n:nth-child(3),.diff .same .new{display:none}
  .diff .removed .n:nth-child(3),.diff .removed .new{display:none}
  .diff .added .n:first-child,.diff .added .old{display:none}}
  @media print{
  :root{--page:#fff;--card:#fff;--text:#000;--soft:#444;--rule:#bbb;--good:#17653a;--open:#7d4d00;
  --bad:#a3232b;--tint-good:#fff;--tint-open:#fff;--tint-bad:#fff;--old:#fff;--new:#fff;
  --old-mark:#eee;--new-mark:#eee;--code:#fff;--link:#1d5a9c}
  body{max-width:none;padding:0;font-size:10pt}
  h1{border:1.5pt solid}
  h2,h3{break-after:avoid}
  .scroll{overflow:visible}
  .versions td,.matrix th{white-space:normal}
  figure,.scroll,tr{break-inside:avoid}
  mark{text-decoration:underline}}
  """
