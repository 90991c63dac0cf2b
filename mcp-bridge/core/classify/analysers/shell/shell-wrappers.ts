/** Commands that run another command: what they run is what counts (CL-12). */
import { textOf, type Word } from '../words.ts';

export type Wrapped = {
  readonly commands?: readonly (readonly Word[])[];
  /** Shell text that would be run. */
  readonly text?: string;
  readonly variables?: readonly string[];
  readonly elevates?: boolean;
  /** Something in it cannot be seen into. */
  readonly unclear?: boolean;
};

const UNKNOWN: Word = { text: undefined };
const UNCLEAR: Wrapped = { unclear: true };

/** Undefined: this is no wrapper, or it wraps nothing here. */
export function unwrap(name: string, args: readonly Word[]): Wrapped | undefined {
  switch (name) {
    case 'sudo':
    case 'doas':
      return afterOptions(
        args,
        /^-[nEHkSbAi]+$|^--(non-interactive|preserve-env|set-home)$/,
        /^-[ugpCDRTh]$|^--(user|group)$/,
        { elevates: true },
      );
    case 'nice':
      return afterOptions(args, /^-\d+$|^-n-?\d+$|^--adjustment=-?\d+$/, /^-n$/, {});
    case 'ionice':
      return afterOptions(args, /^-[tcn]\d*$/, /^-[cn]$/, {});
    case 'stdbuf':
      return afterOptions(args, /^-[ioe]\S+$/, /^-[ioe]$/, {});
    case 'timeout':
      return timeout(args);
    case 'time':
      return afterOptions(args, /^-p$/, /^$/, {});
    case 'builtin':
    case 'nocorrect':
    case 'noglob':
      return args.length === 0 ? {} : { commands: [args] };
    case 'command':
      return /^-[vV]+$/.test(textOf(args[0])) ? undefined : afterOptions(args, /^-p$|^--$/, /^$/, {});
    case 'exec':
      return args.length === 0
        ? {}
        : textOf(args[0]).startsWith('-') || args[0]?.text === undefined
          ? UNCLEAR
          : { commands: [args] };
    case 'env':
      return env(args);
    case 'xargs':
      return xargs(args);
    case 'find':
    case 'fd':
      return find(args);
    case 'sh':
    case 'bash':
    case 'dash':
    case 'zsh':
    case 'ash':
    case 'ksh':
      return shell(args);
    case 'eval':
      return args.every(({ text }) => text !== undefined) && args.length > 0
        ? { text: args.map(textOf).join(' ') }
        : UNCLEAR;
    case 'busybox':
    case 'toybox':
      return args[0]?.text === undefined || args[0].text.startsWith('-') ? UNCLEAR : { commands: [args] };
    default:
      return undefined;
  }
}

function afterOptions(args: readonly Word[], plain: RegExp, valued: RegExp, more: Wrapped): Wrapped {
  let at = 0;
  const variables: string[] = [];
  for (; at < args.length; at++) {
    const text = args[at]?.text;
    if (text === undefined) return { ...more, unclear: true };
    const assignment = /^([A-Za-z_]\w*)=/.exec(text);
    if (text === '--') {
      at += 1;
      break;
    }
    if (plain.test(text)) continue;
    if (valued.test(text)) at += 1;
    else if (more.elevates === true && assignment !== null) variables.push(assignment[1] ?? '');
    else break;
  }
  const rest = args.slice(at);
  if (rest.length > 0 && textOf(rest[0]).startsWith('-')) return { ...more, unclear: true };
  // `sudo -i` is a shell.
  if (rest.length === 0 && more.elevates === true) return { ...more, unclear: true };
  return { ...more, variables, ...(rest.length === 0 ? {} : { commands: [rest] }) };
}

function timeout(args: readonly Word[]): Wrapped {
  const { commands = [] } = afterOptions(
    args,
    /^-[kv]$|^--(preserve-status|foreground|verbose|kill-after=\S+|signal=\S+)$/,
    /^-[sk]$/,
    {},
  );
  const [duration, ...command] = commands[0] ?? [];
  return duration?.text !== undefined && /^[\d.]+[smhd]?$/.test(duration.text) && command.length > 0
    ? { commands: [command] }
    : UNCLEAR;
}

/** `env A=b cmd`; `-S` splits a text into words by rules of its own. */
function env(args: readonly Word[]): Wrapped {
  let at = 0;
  const variables: string[] = [];
  for (; at < args.length; at++) {
    const text = args[at]?.text;
    if (text === undefined) return UNCLEAR;
    const assignment = /^([^=-][^=]*)=/.exec(text);
    if (assignment !== null) variables.push(assignment[1] ?? '');
    else if (/^(-u|--unset)$/.test(text)) at += 1;
    else if (!/^(-|-i|-0|--ignore-environment|--null|-u\S+|--unset=\S+)$/.test(text)) break;
  }
  const rest = args.slice(at);
  if (textOf(rest[0]).startsWith('-')) return UNCLEAR;
  return { variables: rest.length === 0 ? [] : variables, ...(rest.length === 0 ? {} : { commands: [rest] }) };
}

/** xargs adds words of its input: unknown ones at the end, or wherever the replacement stands. */
function xargs(args: readonly Word[]): Wrapped {
  let at = 0;
  let marker: string | undefined;
  for (; at < args.length; at++) {
    const text = args[at]?.text;
    if (text === undefined) return UNCLEAR;
    if (/^-I$/.test(text)) {
      at += 1;
      marker = args[at]?.text;
    } else if (/^-I.+/.test(text)) marker = text.slice(2);
    else if (/^-[nLPdsEa]$|^--(max-args|max-lines|max-procs|delimiter|arg-file)$/.test(text)) at += 1;
    else if (
      !/^-([0rtx]+|[nLPdsl]\S+|-(null|no-run-if-empty|verbose|exit|max-args=\d+|max-procs=\d+|delimiter=.*))$/.test(
        text,
      )
    )
      break;
  }
  const rest = args.slice(at);
  if (textOf(rest[0]).startsWith('-')) return UNCLEAR;
  if (rest.length === 0) return { commands: [[{ text: 'echo' }]] };
  const replaced = rest.map((word) =>
    marker !== undefined && marker !== '' && word.text?.includes(marker) === true ? UNKNOWN : word,
  );
  return { commands: [marker === undefined ? [...replaced, UNKNOWN] : replaced] };
}

/** `find … -exec cmd {} ;`: the command must read whatever file it is given, and the rest must be tests. */
function find(args: readonly Word[]): Wrapped | undefined {
  if (!args.some(({ text }) => /^(-exec|-execdir)$/.test(text ?? ''))) return undefined;
  const commands: Word[][] = [];
  const others: Word[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined || !/^(-exec|-execdir)$/.test(textOf(word))) {
      if (word !== undefined) others.push(word);
      continue;
    }
    const end = args.findIndex(({ text }, index) => index > at && (text === ';' || text === '+' || text === '{}+'));
    if (end < 0) return UNCLEAR;
    // The name of a found file always begins with where find began: `./…`, never a dash, unless it began at a dash.
    commands.push(
      args.slice(at + 1, end).map((inner) => (inner.text?.includes('{}') === true ? { text: './found' } : inner)),
    );
    at = end;
  }
  return { commands: [[{ text: 'find' }, ...others], ...commands] };
}

/** `sh -c 'text'` is the text; a script file, options of its own or code from a pipe cannot be seen into. */
function shell(args: readonly Word[]): Wrapped {
  const [flags, script, ...rest] = args;
  if (flags?.text !== undefined && /^-[eux]*c$/.test(flags.text) && script?.text !== undefined)
    return rest.length === 0
      ? { text: script.text }
      : { text: script.text, unclear: rest.some(({ text }) => text === undefined) };
  if (args.length === 1 && /^--version$/.test(textOf(flags))) return {};
  return UNCLEAR;
}
