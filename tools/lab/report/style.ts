/** The colours of everything drawn, by day and by night. */
const day =
  '--ink:#1c2430;--soft:#5b6675;--faint:#e3e7ec;--page:#f6f7f9;--card:#fff;--c0:#2563c9;--c1:#d4681a;--c2:#1a8a6a'
const night =
  '--ink:#e6eaf0;--soft:#9aa6b5;--faint:#2b333e;--page:#12161b;--card:#1a2027;--c0:#6ea3ff;--c1:#f39a52;--c2:#4fc79f'
const themes = `:root{color-scheme:light dark;${day}}@media(prefers-color-scheme:dark){:root{${night}}}`

/** What a chart needs, wherever it stands. */
export const chartStyle = `${themes}
svg{font:12px system-ui,sans-serif}
.tick{fill:var(--soft)}.label{fill:var(--soft)}.base{stroke:var(--soft)}.grid{stroke:var(--faint)}
.diagonal{stroke:var(--soft);stroke-dasharray:4 4;fill:none}
.s0{--c:var(--c0)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}
.line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
.area{fill:var(--c);opacity:.14}.dot{fill:var(--c);stroke:var(--card);stroke-width:1.5}.column{fill:var(--c)}
.name{fill:var(--c);font-weight:600}`

export const pageStyle = `${chartStyle}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 4px}h2{font-size:1.05rem;margin:0}
p{margin:0}.soft{color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;margin:14px 0 20px;font-weight:600}
.key{display:inline-flex;align-items:center;gap:8px}.key::before{content:"";width:14px;height:14px;border-radius:4px;background:var(--c)}
.grid-of-cards{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr))}
.figures{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));margin-bottom:16px}
.card{background:var(--card);border:1px solid var(--faint);border-radius:12px;padding:16px}
.card>p{font-size:.9rem;margin:2px 0 10px}.card svg{display:block;width:100%;height:auto}
.figure p{font-size:.85rem;color:var(--soft);margin:0}
.figure b{display:block;font-size:1.45rem;line-height:1.25;color:var(--c);font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;margin-top:16px}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:7px 4px 7px 14px;text-align:right;border-top:1px solid var(--faint);white-space:nowrap}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;font-weight:400}
thead th{border:0;color:var(--c);white-space:normal;vertical-align:bottom}
@media(max-width:480px){main{padding:20px 12px 32px}.card{padding:14px 12px}.figures{grid-template-columns:1fr 1fr}svg{font-size:14px}table{font-size:.85rem}th,td{padding-left:8px}}`
