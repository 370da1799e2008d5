/** Starts the real program on an empty folder and a free port, and reads what it prints. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
const BINARY = resolve(ROOT, process.env.NAJIMI_BINARY ?? 'target/debug/najimi');
/** How long the first start of the demo may take with a binary that was built for tests. */
const START_MS = 420_000;
const STOP_MS = 15_000;

/**
 * @param {'demo' | 'serve'} command
 * @returns {Promise<Najimi>} as soon as it has printed the link to begin with
 */
export async function startNajimi(command) {
  if (!existsSync(BINARY))
    throw new Error(`${BINARY} is not there: cargo build -p najimi, or say where it is in NAJIMI_BINARY`);
  const najimi = new Najimi(command);
  await najimi.begun;
  return najimi;
}

class Najimi {
  constructor(command) {
    this.folder = mkdtempSync(join(tmpdir(), `najimi-e2e-${command}-`));
    this.printed = '';
    // While writing stories: a demo shop that was loaded before saves its first minute.
    if (command === 'demo' && process.env.NAJIMI_E2E_SEED)
      cpSync(process.env.NAJIMI_E2E_SEED, join(this.folder, 'data'), { recursive: true });
    const started = performance.now();
    process.once('exit', () => this.process.kill('SIGKILL'));
    this.process = spawn(BINARY, [command], {
      cwd: this.folder,
      env: {
        ...withoutOwn(process.env),
        NAJIMI_DATA: join(this.folder, 'data'),
        NAJIMI_LISTEN: '127.0.0.1:0',
        NAJIMI_DEMO_FOLDER: join(ROOT, 'demo'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((tell) => this.process.once('exit', (code, signal) => tell(code ?? signal)));
    this.begun = new Promise((tell, fail) => {
      const late = setTimeout(() => fail(this.#problem('printed no link in time')), START_MS);
      const read = (chunk) => {
        this.printed += chunk;
        const [link] = /http:\/\/\S+\?token=\S+/.exec(this.printed) ?? [];
        if (!link || this.link) return;
        this.link = link;
        this.address = new URL(link).origin;
        this.startSeconds = (performance.now() - started) / 1000;
        clearTimeout(late);
        tell();
      };
      this.process.stdout.on('data', read);
      this.process.stderr.on('data', read);
      void this.ended.then((how) => {
        clearTimeout(late);
        fail(this.#problem(`ended (${how}) before it printed a link`));
      });
    });
  }

  #problem(what) {
    return new Error(`najimi ${what}. It printed:\n${this.printed.slice(-4000)}`);
  }

  /** Asks it to stop as a service manager would, and tells how it ended: 0 is well. */
  async stop() {
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
    const how = await this.ended;
    clearTimeout(late);
    rmSync(this.folder, { recursive: true, force: true });
    return how;
  }
}

/** The program refuses settings that it does not know, and the tests' own are none of its business. */
function withoutOwn(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('NAJIMI_')));
}
