/**
 * MongoDB: commands, aggregation pipelines, filters, updates and the plain form of its shell (CL-08).
 *
 * Server-side JavaScript (`$where`, `$function`, `$accumulator`, mapReduce) is code that cannot be seen into. `$out`
 * replaces a collection, `$merge` changes one. A command or stage that is not in a table is not known to read.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json.ts';
import { couldNotInterpret, type Finding, quoted, verdictOf } from '../findings.ts';
import type { ArgumentAnalyser } from '../ports.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().toLowerCase().split(/\s+/));

const READS =
  words(`find findOne aggregate count countDocuments estimatedDocumentCount distinct explain ping hello isMaster buildInfo serverStatus dbStats
  collStats dataSize listCollections listDatabases listIndexes getIndexes indexes getMore connectionStatus whatsmyuri top hostInfo currentOp getLog
  getCmdLineOpts usersInfo rolesInfo replSetGetStatus replSetGetConfig listCommands features stats storageSize totalSize totalIndexSize
  isCapped latencyStats getShardDistribution listSearchIndexes getSearchIndexes version serverBuildInfo getCollectionNames getCollectionInfos
  getMongo getName watch dbHash`);
const CHANGES =
  words(`insert insertOne insertMany update updateOne updateMany replaceOne findOneAndUpdate findOneAndReplace create createCollection
  createIndex createIndexes ensureIndex createView createUser createRole grantRolesToUser grantRole collMod compact reIndex killCursors startSession
  createSearchIndex createSearchIndexes updateSearchIndex save hideIndex unhideIndex convertToCapped logRotate fsync endSessions refreshSessions`);
const STAGES =
  words(`$match $project $group $sort $limit $skip $unwind $lookup $graphLookup $addFields $set $unset $count $facet $bucket
  $bucketAuto $sortByCount $replaceRoot $replaceWith $redact $sample $unionWith $geoNear $collStats $indexStats $currentOp $listSessions
  $listLocalSessions $planCacheStats $densify $fill $setWindowFields $search $searchMeta $vectorSearch $documents $changeStream $listSearchIndexes $rankFusion`);
const CODE = /^\$(where|function|accumulator|eval)$/i;
const UPDATES = /^\$(set|unset|inc|mul|min|max|rename|push|pull|pullAll|addToSet|pop|bit|currentDate|setOnInsert)$/;
const MAX_NODES = 20_000;

export const analyseMongo: ArgumentAnalyser = (value, context) => {
  const findings = typeof value === 'string' ? textFindings(value) : valueFindings(value, context.argumentName);
  return findings === undefined
    ? couldNotInterpret('database', 'The MongoDB command could not be interpreted.')
    : verdictOf(findings, 'database');
};

function valueFindings(value: JsonValue, argumentName: string): readonly Finding[] | undefined {
  const inside = operatorFindings(value);
  if (inside === undefined) return undefined;
  if (Array.isArray(value)) return [...inside, ...pipelineFindings(value)];
  if (!isJsonObject(value)) return undefined;
  const name = Object.keys(value)[0] ?? '';
  const update = Object.keys(value).find((key) => UPDATES.test(key));
  if (update !== undefined)
    return [...inside, { effect: 'write', action: 'update', reason: `${update} changes documents.` }];
  // `filter`, `query`, `projection` …: an object that selects, not a command.
  if (name === '' || name.startsWith('$') || /filter|query|projection|sort|match|where/i.test(argumentName))
    return [...inside, { effect: 'read', action: 'find', reason: 'The filter only selects.' }];
  return [...inside, ...commandFindings(name, value)];
}

function commandFindings(name: string, command: JsonObject): readonly Finding[] {
  const lower = name.toLowerCase();
  const objects = typeof command[name] === 'string' ? [{ kind: 'collection', name: String(command[name]) }] : [];
  if (lower === 'findandmodify') {
    const removes = command['remove'] === true;
    return [
      {
        effect: removes ? 'delete' : 'write',
        action: 'find-and-modify',
        reason: removes ? 'The command removes a document.' : 'The command changes a document.',
        objects,
      },
    ];
  }
  if (lower === 'update') {
    const all =
      Array.isArray(command['updates']) &&
      command['updates'].some(
        (update: JsonValue) => isJsonObject(update) && update['multi'] === true && isEmpty(update['q']),
      );
    return [
      {
        effect: all ? 'delete' : 'write',
        action: 'update',
        reason: all ? 'The command overwrites ALL documents (an empty filter).' : 'The command changes documents.',
        objects,
      },
    ];
  }
  // Explaining a command does not carry it out.
  if (lower === 'explain')
    return [{ effect: 'read', action: 'explain', reason: 'The command only asks for a query plan.' }];
  if (READS.has(lower)) return [{ effect: 'read', action: lower, reason: `${quoted(name)} only reads.`, objects }];
  if (CHANGES.has(lower))
    return [{ effect: 'write', action: lower, reason: `${quoted(name)} changes the database.`, objects }];
  return [
    {
      effect: 'delete',
      action: lower,
      reason: `${quoted(name)} removes something, runs code or steers the server.`,
      objects,
    },
  ];
}

function pipelineFindings(stages: readonly JsonValue[]): readonly Finding[] {
  const unknown = stages
    .flatMap((stage) => (isJsonObject(stage) ? Object.keys(stage) : ['?']))
    .filter((name) => !STAGES.has(name.toLowerCase()) && !/^\$(out|merge)$/.test(name));
  const [first] = unknown;
  if (first !== undefined)
    return [
      {
        effect: 'write',
        action: 'aggregate',
        reason: `The pipeline has the stage ${quoted(first)}, which is not known to only read.`,
      },
    ];
  return [{ effect: 'read', action: 'aggregate', reason: 'The pipeline only reads.' }];
}

/** Operators at any depth that write or run code. Undefined: too large to look through. */
function operatorFindings(root: JsonValue): readonly Finding[] | undefined {
  const findings: Finding[] = [];
  const pending: JsonValue[] = [root];
  for (let seen = 0; pending.length > 0; seen++) {
    if (seen > MAX_NODES) return undefined;
    const value = pending.pop();
    if (Array.isArray(value)) pending.push(...value);
    else if (isJsonObject(value))
      for (const [name, member] of Object.entries(value)) {
        if (CODE.test(name))
          findings.push({ effect: 'delete', action: 'run-code', reason: `${name} runs JavaScript on the server.` });
        else if (name === '$out')
          findings.push({ effect: 'delete', action: 'out', reason: '$out replaces a collection.' });
        else if (name === '$merge')
          findings.push({ effect: 'write', action: 'merge', reason: '$merge writes into a collection.' });
        else if (/^(mapReduce|mapreduce|\$eval)$/.test(name))
          findings.push({ effect: 'delete', action: 'run-code', reason: `${name} runs JavaScript on the server.` });
        pending.push(member);
      }
  }
  return findings;
}

const SHELL_CALL =
  /^\s*db\s*(?:\.\s*(?:getCollection\(\s*(["'])[\w.-]+\1\s*\)|getSiblingDB\(\s*(["'])[\w-]+\2\s*\)|\w+))?\s*\.\s*(\w+)\s*\(/;
const CHAINED =
  /^(sort|limit|skip|toArray|count|pretty|project|projection|hint|maxTimeMS|explain|size|itcount|batchSize|collation|comment|next|hasNext|allowDiskUse|min|max|readPref|readConcern|forEachNot)$/;

/** JSON, or one call of the shell without code in it; anything else is JavaScript. */
function textFindings(text: string): readonly Finding[] | undefined {
  if (text.length > 100_000) return undefined;
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    try {
      return valueFindings(JSON.parse(trimmed) as JsonValue, 'command');
    } catch {
      return undefined;
    }
  }
  if (/^show\s+(dbs|databases|collections|tables|users|roles|profile|logs|log \w+)$/.test(trimmed))
    return [{ effect: 'read', action: 'show', reason: 'The command only lists.' }];
  const method = SHELL_CALL.exec(trimmed)?.[3];
  if (method === undefined) return undefined;
  const bare = trimmed.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  const code =
    /;(?!\s*$)|=>|\bfunction\b|\beval\b|`|\$(where|function|accumulator|out|merge)\b|[^=!<>]=[^=]|\+\+|--/.test(bare) ||
    /\$(where|function|accumulator|out|merge)\b/.test(trimmed);
  if (code)
    return [{ effect: 'delete', action: 'run-code', reason: 'The command holds code or writes its result somewhere.' }];
  // Every call in the text counts: `db.a.find(db.b.drop())`, `.forEach(…)`.
  const calls = [...bare.matchAll(/(\w+)\s*\(/g)]
    .map((match) => match[1] ?? '')
    .filter(
      (name) =>
        !/^(getCollection|getSiblingDB|ObjectId|ISODate|Date|NumberLong|NumberInt|NumberDecimal|UUID|RegExp|Timestamp|BinData)$/.test(
          name,
        ),
    );
  return calls.flatMap((name) => (CHAINED.test(name) && name !== method ? [] : commandFindings(name, {})));
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || (isJsonObject(value) && Object.keys(value).length === 0);
}
