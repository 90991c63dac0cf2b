/**
 * The verbs of tools, each with what it usually does, how sure that is, and whether it is as often a noun.
 *
 * sure: the word decides. leaning: the word decides unless something else says worse. vague: says that something is
 * done but not what (`manage`); only arguments or a description can tell, and until they do it is delete-grade.
 * A word that is not here is unknown, which is delete-grade as well.
 */
import type { Effect } from '../../model/effect.ts';

export type Verb = {
  readonly word: string;
  readonly effect: Effect;
  readonly certainty: 'sure' | 'leaning' | 'vague';
  /** `commit`, `post`, `list`: a verb only where a verb is expected. */
  readonly alsoNoun: boolean;
  /** Runs what it is given: with code, a command or a query in its arguments it can do anything. */
  readonly runs: boolean;
};

type Row = Omit<Verb, 'word'> & { readonly words: string };

const rows: readonly Row[] = [
  {
    effect: 'read',
    certainty: 'sure',
    alsoNoun: false,
    runs: false,
    words: `get read find fetch retrieve describe inspect browse lookup peek ls cat grep glob stat enumerate discover
      whoami analyze analyse summarize summarise explain compare calculate compute count ping echo greet estimate
      predict preview recommend suggest identify detect classify geocode wait sleep think observe examine introspect
      recognize transcribe translate tokenize download export screenshot hover scroll highlight connect disconnect reconnect
      login authenticate hget hgetall mget lrange smembers zrange scan exists diagnose recall`,
  },
  { effect: 'read', certainty: 'sure', alsoNoun: true, runs: false, words: 'list search query view show' },
  {
    effect: 'read',
    certainty: 'leaning',
    alsoNoun: false,
    runs: false,
    words: `dump check validate verify lint parse decode encode rerank poll tail listen
      collect extract gather aggregate correlate crawl scrape visualize visualise render ask research measure assert
      see autocomplete determine zoom focus walk traverse is has can how what which where when match rank explore
      audit investigate interpret reason assess infer`,
  },
  {
    effect: 'read',
    certainty: 'leaning',
    alsoNoun: true,
    runs: false,
    words: `help display look stream history diff blame tree trace monitor filter map plan demo sample forecast
       profile debug reader`,
  },
  {
    effect: 'write',
    certainty: 'sure',
    alsoNoun: false,
    runs: false,
    words: `create add insert update edit modify alter write put append prepend save upload set rename move copy
      duplicate clone rebase assign unassign send publish unpublish share unshare unarchive revert rollback
      enable disable restart reboot resume suspend activate deactivate unlock unpin unstar unfollow unlike upvote downvote
      approve reject decline accept dismiss reopen submit subscribe unsubscribe pay reserve buy 
      redeploy promote demote provision install downgrade migrate replace unlink attach detach associate
      dissociate disassociate grant mute unmute unblock reschedule rerun retry click fill press tap swipe
      increment decrement incr decr toggle configure init initialize initialise bootstrap generate compose forward
      acknowledge ack snooze silence escalate annotate notify upsert define declare allocate bind unbind mount unmount
      embed ingest reindex remember memorize refactor optimize shrink resize rotate renew regenerate 
      encrypt decrypt compress zip gzip unzip unstage amend import restore respond reprioritize reorder rearrange launch
      boot enqueue join hset sadd zadd lpush rpush mset unreact make adjust enrich bookmark unwatch populate 
      customize onboard refund donate withdraw unmark relabel ungroup touch overwrite mkdir chmod chown scaffold
      dispatch draw paint instantiate animate drag navigate rewrite tweet retweet finalize fix unset unhide
      hide cherry ban unban follow unprotect protect cordon uncordon adopt undelete untrash authorize authorise repair
      act expand collapse remix writer updater creator deny confirm arrange align crop trim flip train
      flag unflag feature repost crosspost redeem settle mint stake unstake sell delegate reinstate warn quarantine
      isolate remediate failover taint untaint expose shutdown poweroff doubleclick rightclick dblclick speak say narrate
      wire hook unwrap normalize restock bill remind nudge hire mark emit pair unpair eject inject spoof mock
      undo redo synthesize cancel abort distribute revise replay reprocess bump stamp consume dequeue ensure squash abandon delist retire supersede deprecate
      squelch hibernate vacuum announce poke unfriend graduate vacate vest delay postpone extend expedite fulfill fulfil prioritize sanitize reconfigure repoint tune calibrate enroll unenroll stub`,
  },
  {
    effect: 'write',
    certainty: 'sure',
    alsoNoun: true,
    runs: false,
    words: `go pop zero fire sunset store setup post reply comment commit push pull archive label star pin like lock close finish complete tag branch
      release message email mail draft order schedule note build start stop end pause stage stash apply transfer sync
      request trigger fork book record track patch mention split merge upload backup cache group handoff change alert
      broadcast scale rollout paste cut layout claim vote rate play skip queue block hold turn checkout charge ship
      link index input react favorite favourite format deploy place sort style power cycle print type purchase seed
      register sign invite import upgrade transition swap deposit trade leave`,
  },
  {
    effect: 'write',
    certainty: 'leaning',
    alsoNoun: false,
    runs: false,
    words: `learn receive prompt simulate open resolve take use select choose pick load watch capture answer convert switch rebuild minimize maximize quit exit logout refresh
      reload emulate throttle reconcile`,
  },
  {
    effect: 'write',
    certainty: 'leaning',
    alsoNoun: true,
    runs: false,
    words: 'log report review test snapshot return',
  },
  { effect: 'write', certainty: 'leaning', alsoNoun: true, runs: true, words: 'run call' },
  { effect: 'write', certainty: 'leaning', alsoNoun: false, runs: true, words: 'execute evaluate invoke' },
  { effect: 'delete', certainty: 'sure', alsoNoun: false, runs: true, words: 'exec eval repl' },
  {
    effect: 'delete',
    certainty: 'sure',
    alsoNoun: false,
    runs: false,
    words: `delete del remove rm rmdir destroy truncate purge wipe erase expunge prune flush flushall flushdb uninstall
      obliterate nuke annihilate discard shred evict kill terminate decommission deprovision teardown revoke undeploy
      forget deregister unregister hdel srem zrem cleanup expel deallocate invalidate scrub redact dispose rmi remover
      deleter offboard burn liquidate retract unsend nullify dissolve disband yank gc disown`,
  },
  {
    effect: 'delete',
    certainty: 'leaning',
    alsoNoun: false,
    runs: false,
    words: 'clear reset clean drain kick empty expire recreate reimage dedupe deduplicate anonymize pseudonymize',
  },
  { effect: 'delete', certainty: 'sure', alsoNoun: true, runs: false, words: 'drop trash void' },
  {
    effect: 'delete',
    certainty: 'vague',
    alsoNoun: false,
    runs: false,
    words: 'manage handle operate administer control interact orchestrate maintain mutate transact',
  },
  {
    effect: 'delete',
    certainty: 'vague',
    alsoNoun: true,
    runs: false,
    words: 'perform do process action batch bulk operation transaction function admin',
  },
];

const verbs = new Map<string, Verb>(
  rows.flatMap(({ words, ...row }) => words.split(/\s+/).map((word): [string, Verb] => [word, { word, ...row }])),
);

/** `unmerge` and `reauthorize` do what their verb does again or backwards, which changes something too. */
export function verbOf(word: string): Verb | undefined {
  const known = verbs.get(word);
  if (known || !/^(?:un|re)./.test(word)) return known;
  const rest = verbs.get(word.slice(2));
  return rest?.effect === 'write' && word.length > 6
    ? { ...rest, word, certainty: 'sure', alsoNoun: false }
    : undefined;
}

/** Nouns that name something to look at; a name of nouns alone that ends in one reads it (`git_status`). */
const viewNouns = new Set(
  `status info information details detail statistics stats metrics metadata schema version versions docs documentation
   directions distance matrix contents content history logs list tree health help summary overview messages activity
   suggestions results forecast weather time date elevation whoami instructions guide context usage examples
   definition definitions timeline changelog changes diagnostics errors issues events rules guidelines summarizer balance
   balances trend trends breakdown chart charts analytics insights ranking rankings leaderboard price prices quote
   quotes news score scores capabilities limits quota quotas hierarchy children ancestors
   descendants`.split(/\s+/),
);

/** Nouns for many things or for a figure; a name that ends in one is a list of them when the text begins as one too. */
const collections = new Set(
  `resources domains projects users items accounts containers images repositories tables collections databases indexes
   pods nodes services namespaces folders channels labels branches commits models categories products customers invoices
   payments transactions tickets members teams groups roles permissions policies regions zones orders revenue profit loss
   margin sales aging funnel treemap radar outstanding overdue kpi kpis leads deals contacts companies vendors suppliers
   departments employees holidays currencies countries cities stations routes airports flights hotels venues`.split(
    /\s+/,
  ),
);

export function isCollection(word: string): boolean {
  return collections.has(word);
}

export function isViewNoun(word: string): boolean {
  return viewNouns.has(word);
}

/** Verbs that change something about as often as they only look; a description that is sure settles it. */
const mild = new Set(
  'open resolve take use select choose pick load watch capture answer convert log report review test learn'.split(' '),
);

export function isMild(word: string): boolean {
  return mild.has(word);
}
