/** Shell and git that try to look like reading (CL-10 … CL-12), against the real grammar. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Analyse, analyserOf } from '../unit/analysers/support.ts';
import git from '../vectors/classify/git/argv.json' with { type: 'json' };
import beyondReading from '../vectors/classify/shell/beyond-reading.json' with { type: 'json' };
import reads from '../vectors/classify/shell/reads.json' with { type: 'json' };

let shell: Analyse;
let gitArgv: Analyse;
beforeAll(async () => {
  shell = await analyserOf('shell');
  gitArgv = await analyserOf('git-argv');
});

const oneLine = (texts: readonly string[]) => texts.filter((text) => !/[\n#]|<<|\\$/.test(text));
const harm = fc.constantFrom(
  ...oneLine(beyondReading).filter((text) => !/unterminated|^ls \$\(|^ls \)|^if ls|&&$|`rm$/.test(text)),
);
const harmless = fc.constantFrom(...oneLine(reads).filter((text) => !/exit|unzip -l/.test(text)));

describe('what does more than read is never called a read', () => {
  test.each([
    ['after a read', (a: string, b: string) => `${a}; ${b}`],
    ['before a read', (a: string, b: string) => `${b}; ${a}`],
    ['on success', (a: string, b: string) => `${a} && ${b}`],
    ['on failure', (a: string, b: string) => `${a} || ${b}`],
    ['at the end of a pipe', (a: string, b: string) => `${a} | ${b}`],
    ['at the start of a pipe', (a: string, b: string) => `${b} | ${a}`],
    ['on the next line', (a: string, b: string) => `${a}\n${b}`],
    ['in a subshell', (a: string, b: string) => `${a}; ( ${b} )`],
    ['in a group', (a: string, b: string) => `${a}; { ${b}; }`],
    ['in a condition', (a: string, b: string) => `if ${a}; then ${b}; fi`],
    ['in a loop', (a: string, b: string) => `for i in 1 2; do ${a}; ${b}; done`],
    ['substituted', (a: string, b: string) => `${a}; echo "$( ${b} )"`],
    ['in a process substitution', (a: string, b: string) => `${a}; cat <( ${b} )`],
    ['in a here-document', (a: string, b: string) => `${a}; cat <<EOF\n$( ${b} )\nEOF`],
    ['in the background', (a: string, b: string) => `${b} & ${a}`],
  ])('CL-12 %s', (_name, join) => {
    fc.assert(
      fc.property(harmless, harm, (read, other) => {
        expect(shell(join(read, other)).effect).not.toBe('read');
      }),
      { numRuns: 150 },
    );
  });

  test('CL-12 inside sh -c, when it holds no quotes of its own', () => {
    const plain = fc.constantFrom(...oneLine(beyondReading).filter((text) => !text.includes("'")));
    fc.assert(
      fc.property(plain, (text) => {
        expect(shell(`sh -c '${text}'`).effect).not.toBe('read');
        expect(shell(['sh', '-c', text]).effect).not.toBe('read');
      }),
    );
  });

  test('CL-12 quoted to pieces', () => {
    const quoting = fc.constantFrom(
      (c: string) => c,
      (c: string) => `'${c}'`,
      (c: string) => `"${c}"`,
      (c: string) => `\\${c}`,
      (c: string) => `$'${c}'`,
      (c: string) => `${c}''`,
      (c: string) => `$'\\x${c.charCodeAt(0).toString(16)}'`,
    );
    fc.assert(
      fc.property(
        fc.constantFrom('rm', 'dd', 'mv', 'eval', 'mkfs', 'shred', 'truncate'),
        fc.array(quoting, { minLength: 8, maxLength: 8 }),
        (name, quotings) => {
          const spelled = [...name].map((char, index) => (quotings[index] ?? ((c: string) => c))(char)).join('');
          expect(shell(`${spelled} x`).effect).not.toBe('read');
        },
      ),
      { numRuns: 400 },
    );
  });

  test('CL-11 git, with harmless options around it', () => {
    const option = fc.constantFrom('--no-pager', '-P', '--no-optional-locks', '-C', '--literal-pathspecs');
    fc.assert(
      fc.property(fc.array(option, { maxLength: 3 }), fc.constantFrom(...git.write, ...git.delete), (options, line) => {
        const argv = [...options.flatMap((word) => (word === '-C' ? [word, '/srv/repo'] : [word])), ...line.split(' ')];
        expect(gitArgv(argv).effect).not.toBe('read');
        expect(shell(['git', ...argv]).effect).not.toBe('read');
      }),
      { numRuns: 500 },
    );
  });

  test('CL-11 git, with any option that can run a program', () => {
    const option = fc.constantFrom('-c', '--exec-path=/tmp', '--git-dir=/tmp', '--config-env=a=b', '--work-tree=/');
    fc.assert(
      fc.property(option, fc.constantFrom(...git.read), (word, line) => {
        const value = word === '-c' ? [word, 'core.pager=evil'] : [word];
        expect(gitArgv([...value, ...line.split(' ')]).effect).toBe('delete');
      }),
    );
  });
});

describe('whatever the text', () => {
  test('an answer comes, and what does not parse is a deletion', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (text) => {
        const verdict = shell(text);
        if (verdict.uninterpreted === true) expect(verdict.effect).toBe('delete');
        expect(['read', 'write', 'delete']).toContain(gitArgv(text.split(' ')).effect);
      }),
      { numRuns: 600 },
    );
  });
  test('any JSON value has an answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void shell(value as never)),
      { numRuns: 300 },
    );
  });
  test.each([
    ['parentheses', '('.repeat(15_000)],
    ['commands', 'ls;'.repeat(5_000)],
    ['substitutions', `echo ${'$('.repeat(3_000)}`],
    ['quotes', '"$(echo '.repeat(1_500)],
    ['here-documents', 'cat <<EOF\n'.repeat(1_000)],
    ['conditions', 'if ls; then '.repeat(1_000)],
    ['a long text', 'x'.repeat(500_000)],
  ])('CL-12 %s end in time and leave the grammar working', (_name, text) => {
    const start = performance.now();
    shell(text);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(shell('ls | wc -l').effect).toBe('read');
  });
});
