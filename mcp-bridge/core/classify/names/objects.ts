/**
 * Verbs whose object decides: one resolves a thread (a write) or a library id (a read), one starts a server or a
 * trace of the page. State of the view and of the session changes no one's data, so setting it is reading.
 */
import type { Effect } from '../../model/effect.ts';

type ObjectRule = {
  readonly verbs: readonly string[];
  readonly effect: Effect;
  /** One of these words is in the name; undefined: any name. */
  readonly objects?: ReadonlySet<string> | undefined;
  /** The description speaks of this; undefined: of anything. */
  readonly about?: RegExp | undefined;
};

const onScreen = /\b(?:page|browser|screen|viewport|accessibility|heap|dom|ui|simulator|emulator|codegen)\b/;
const forSession =
  /\b(?:future|subsequent) (?:tool )?(?:calls|operations|requests|commands|invocations)\b|\bsession (?:working|defaults?|context)\b|\bcurrent session\b/;

const rules: readonly ObjectRule[] = [
  rule(
    'resolve',
    'read',
    'id ids library url uri path dns domain name names host hostname symbol reference references address handle package uid selector',
  ),
  rule('open load', 'read', 'file files node nodes document documents note folder context skill skills docs'),
  rule(
    'select choose pick use',
    'read',
    'page tab account project context workspace frame window target session database',
  ),
  rule('snapshot', 'read', undefined, onScreen),
  rule('extract', 'write', 'archive archives zip tar'),
  rule('check', 'write', 'in out checkin checkout'),
  rule(
    'convert',
    'read',
    'time timezone currency currencies unit units temperature coordinates color colour date base64 number',
  ),
  rule('collect', 'write', 'payment payments invoice fee fees'),
  rule('recall', 'delete', 'message messages mail email'),
  rule('test', 'read', 'connection connectivity access auth credentials'),
  rule('show', 'write', undefined, /\bunhide\b|\bvisible again\b/),
  rule('switch', 'read', 'tab window frame page'),
  rule('log report', 'read', 'git'),
  rule('run apply complete prepare execute', 'delete', 'migration migrations', /\b(?:database|schema|sql|ddl)\b/),
  rule(
    'generate',
    'read',
    'link links url urls locator locators types typescript uuid id ids query summary embedding embeddings hash password passphrase changelog preview deeplink deeplinks',
  ),
  rule('take capture save', 'read', 'screenshot screenshots heapsnapshot picture pdf'),
  rule('take capture save', 'read', 'snapshot', onScreen),
  rule('start stop begin end record capture', 'read', 'trace tracing recording video screencast codegen', onScreen),
  rule('resize', 'read', 'page window viewport browser'),
  rule('resize emulate move', 'read', 'emulate resize mouse', onScreen),
  rule('hide', 'read', 'highlight'),
  rule('run', 'read', 'audit audits lighthouse diagnostics diagnostic'),
  // An answer that is drawn instead of written.
  rule('generate', 'read', 'chart charts diagram graph plot histogram heatmap treemap mermaid flowchart map'),
  rule('format', 'delete', 'disk drive volume partition'),
  rule('ping', 'write', 'user users member members team'),
  rule('process', 'write', 'payment payments refund refunds'),
  rule('simulate', 'read', 'transaction trade query scenario impact'),
  rule('run', 'read', 'dry'),
  rule('learn', 'read', 'more about docs api'),
  rule('export', 'write', undefined, /\bshareable\b|\buploaded\b|\bpublic(?:ly)? (?:link|url)\b/),
  rule('dump', 'write', 'db database databases table tables'),
  rule('run execute', 'read', 'jql filter search'),
  rule('execute', 'delete', 'batch bulk'),
  rule('set', 'read', 'viewport'),
  rule('clear', 'read', 'console'),
  rule('set use switch change clear', 'read', undefined, forSession),
  rule('handle', 'write', 'dialog dialogs'),
  rule('drop', 'write', undefined, /\bdragged\b|\bdrag and drop\b/),
  rule('fetch', 'write', 'git'),
  // What is typed into a shell, or called by name, can be anything.
  rule('interact send write input type', 'delete', 'process terminal shell repl pty tty stdin'),
  rule('call use invoke execute run', 'delete', 'tool tools service services'),
  rule('call invoke execute', 'delete', 'api apis endpoint endpoints'),
  // May drop columns, or whatever the new schema does not have.
  rule('alter', 'delete', 'table tables column columns'),
  rule('push', 'delete', 'schema'),
  rule('analyze', 'write', 'table index', /\bupdates? (?:\w+ )?statistics\b/),
];

function rule(verbs: string, effect: Effect, objects: string | undefined, about?: RegExp): ObjectRule {
  return { verbs: verbs.split(' '), effect, objects: objects ? new Set(objects.split(' ')) : undefined, about };
}

/** `words` are all words of the name, `about` is the description in lower case. */
export function effectByObject(verb: string, words: readonly string[], about: string): Effect | undefined {
  return rules.find(
    ({ verbs, objects, about: topic }) =>
      verbs.includes(verb) &&
      (objects === undefined || words.some((word) => objects.has(word))) &&
      (topic === undefined || topic.test(about)),
  )?.effect;
}
