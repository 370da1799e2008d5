// LiquidJS on the mails that `crates/channels/examples/render.rs prepare` has written: the same templates, the same people.
// node render_peer.js PREPARED.json check        prints what comes out, to be compared
// node render_peer.js PREPARED.json MAIL SECONDS prints mails a second
const { Liquid } = require('liquidjs')
const prepared = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'))
const engine = new Liquid({ outputEscape: 'escape' })
// The one thing that the two languages spell differently.
const liquid = (text) => text.replaceAll('{% elif', '{% elsif').replaceAll('p.price * 11 // 10', 'p.price | times: 11 | divided_by: 10 | floor')
const mails = Object.fromEntries(
  Object.entries(prepared).map(([name, { templates, people }]) => [
    name,
    { parts: Object.entries(templates).map(([part, text]) => [part, engine.parse(liquid(text))]), people },
  ]),
)

if (process.argv[3] === 'check') {
  const print = ({ parts, people }) => people.map((person) => Object.fromEntries(parts.map(([part, template]) => [part, engine.renderSync(template, person)])))
  console.log(JSON.stringify(Object.fromEntries(Object.entries(mails).map(([name, mail]) => [name, print(mail)]))))
} else {
  const { parts, people } = mails[process.argv[3]]
  const seconds = Number(process.argv[4])
  const run = (limit) => {
    const [begin, cpu] = [process.hrtime.bigint(), process.cpuUsage()]
    let [count, took] = [0, 0]
    for (; (took = Number(process.hrtime.bigint() - begin) / 1e9) < limit; count += 10) {
      for (let n = 0; n < 10; n++) for (const [, template] of parts) engine.renderSync(template, people[(count + n) % people.length])
    }
    const used = process.cpuUsage(cpu)
    return { mails: count, per_s: count / took, per_cpu_s: count / ((used.user + used.system) / 1e6) }
  }
  run(0.5)
  console.log(JSON.stringify(run(seconds)))
}
