// bpmn-engine (Node) walks the loop: the state is read, the engine resumed, a task signalled, the state written and committed.
// node with_bpmn_engine.mjs sqlite:///FILE|postgresql://… CASES DIAGRAM; tells its figures as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';

const require = createRequire(`${process.cwd()}/`);
const { Engine } = require('bpmn-engine');
const [where, cases, diagram] = process.argv.slice(2);
const STEPS = ['register', 'dispatch', 'accept', 'rectify', 'review', 'feedback'];
// Durations without FEEL's sign and quotes; the script and the condition in the engine's own language.
const source = readFileSync(diagram, 'utf8')
  .replace(/<bpmn:timeDuration>=&quot;(\w+)&quot;/g, '<bpmn:timeDuration>$1')
  .replace('scriptFormat="feel"', 'scriptFormat="javascript"')
  .replace('<bpmn:script>{"weight": 2}<', '<bpmn:script>environment.output.weight = 2; next();<')
  .replace('<bpmn:conditionExpression>rework<', '<bpmn:conditionExpression xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="bpmn:tFormalExpression">${environment.services.sentBack()}<');

async function store() {
  if (where.startsWith('sqlite')) {
    const database = new DatabaseSync(where.replace('sqlite://', ''));
    database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS cases (id INTEGER PRIMARY KEY, state TEXT)');
    const read = database.prepare('SELECT state FROM cases WHERE id = ?');
    const write = database.prepare('INSERT INTO cases (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state');
    const version = database.prepare('SELECT sqlite_version() AS v').get().v;
    return { name: `SQLite ${version}`, read: async (id) => read.get(id).state, write: async (id, state) => write.run(id, state), close: () => database.close() };
  }
  const { Client } = require('pg');
  const client = new Client({ connectionString: where });
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS node_cases (id INTEGER PRIMARY KEY, state TEXT)');
  return {
    name: 'PostgreSQL',
    read: async (id) => (await client.query({ name: 'read', text: 'SELECT state FROM node_cases WHERE id = $1', values: [id] })).rows[0].state,
    write: async (id, state) => client.query({ name: 'write', text: 'INSERT INTO node_cases (id, state) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET state = excluded.state', values: [id, state] }),
    close: () => client.end(),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
let number = 0;

async function raise(kept) {
  const engine = new Engine({ name: 'loop', source, variables: { title: '码头社区卡口无人值守' } });
  await engine.execute();
  await settled();
  const id = ++number;
  await kept.write(id, JSON.stringify(await engine.getState()));
  engine.stop();
  return id;
}

async function step(kept, id, name, answers) {
  const began = performance.now();
  const engine = new Engine({ services: { sentBack: () => answers.rework } }).recover(JSON.parse(await kept.read(id)));
  const execution = await engine.resume();
  const task = execution.getPostponed().find((one) => one.id === name);
  if (!task) throw new Error(`nobody waits at ${name}`);
  task.signal(answers);
  await settled();
  await kept.write(id, JSON.stringify(await engine.getState()));
  const spent = performance.now() - began;
  const over = execution.getPostponed().length === 0;
  engine.stop();
  return { spent, over };
}

async function walk(kept, reworks) {
  const id = await raise(kept);
  const steps = [...STEPS.slice(0, 3), ...Array(reworks).fill(['rectify', 'review']).flat(), ...STEPS.slice(3)];
  const spent = [];
  let left = reworks;
  let last;
  for (const name of steps) {
    const answers = { [`${name}_note`]: '已办理，情况属实。' };
    if (name === 'review') answers.rework = left-- > 0;
    last = await step(kept, id, name, answers);
    spent.push(last.spent);
  }
  if (!last.over) throw new Error('the case did not end');
  return spent;
}

const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const kept = await store();
await walk(kept, 0);
const all = [];
for (let n = 0; n < Number(cases); n += 1) all.push(...(await walk(kept, 0)));
const after = (await walk(kept, 100)).slice(-6);
console.log(JSON.stringify({ version: JSON.parse(readFileSync('node_modules/bpmn-engine/package.json', 'utf8')).version, ms: median(all), ms_after_100: median(after), store: kept.name, sql: 2 }));
await kept.close();
process.exit(0);
