/**
 * Redis and Valkey commands: a table of those that read, one of those that change; everything else destroys, runs code
 * or steers the server (CL-08). Commands that read or change by a word of theirs (`SORT … STORE`) are asked for it.
 */
import { isJsonObject, type JsonValue } from '../../../model/json.ts';
import { couldNotInterpret, type Finding, quoted, verdictOf, worstVerdict } from '../findings.ts';
import type { ArgumentAnalyser } from '../ports.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const READS =
  words(`GET MGET STRLEN GETRANGE SUBSTR EXISTS TYPE TTL PTTL EXPIRETIME PEXPIRETIME KEYS SCAN RANDOMKEY DUMP DBSIZE INFO PING ECHO TIME
  LASTSAVE ROLE HGET HMGET HGETALL HKEYS HVALS HLEN HEXISTS HSTRLEN HSCAN HRANDFIELD HTTL HPTTL HEXPIRETIME HPEXPIRETIME LRANGE LLEN LINDEX LPOS
  SMEMBERS SISMEMBER SMISMEMBER SCARD SRANDMEMBER SSCAN SINTER SINTERCARD SUNION SDIFF ZRANGE ZREVRANGE ZRANGEBYSCORE
  ZREVRANGEBYSCORE ZRANGEBYLEX ZREVRANGEBYLEX ZSCORE ZMSCORE ZRANK ZREVRANK ZCARD ZCOUNT ZLEXCOUNT ZSCAN ZINTER ZUNION ZDIFF ZINTERCARD
  ZRANDMEMBER GETBIT BITCOUNT BITPOS BITFIELD_RO SORT_RO LCS PFCOUNT GEODIST GEOHASH GEOPOS GEOSEARCH GEORADIUS_RO GEORADIUSBYMEMBER_RO
  XRANGE XREVRANGE XLEN XREAD XPENDING SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE MONITOR LOLWUT COMMAND READONLY WAIT
  VCARD VDIM VEMB VGETATTR VINFO VISMEMBER VLINKS VRANDMEMBER VSIM DIGEST
  JSON.GET JSON.MGET JSON.TYPE JSON.STRLEN JSON.ARRLEN JSON.ARRINDEX JSON.OBJKEYS JSON.OBJLEN JSON.RESP FT.SEARCH FT.AGGREGATE FT.INFO FT._LIST
  FT.EXPLAIN FT.TAGVALS FT.SPELLCHECK FT.DICTDUMP FT.SUGGET FT.SUGLEN TS.GET TS.MGET TS.RANGE TS.REVRANGE TS.MRANGE TS.MREVRANGE TS.INFO
  TS.QUERYINDEX BF.EXISTS BF.MEXISTS BF.INFO BF.CARD CF.EXISTS CF.MEXISTS CF.COUNT CF.INFO CMS.QUERY CMS.INFO TOPK.QUERY TOPK.LIST TOPK.INFO
  GRAPH.RO_QUERY GRAPH.EXPLAIN GRAPH.LIST`);

const CHANGES =
  words(`SET SETNX SETEX PSETEX MSET MSETNX APPEND INCR INCRBY INCRBYFLOAT DECR DECRBY SETRANGE GETSET GETEX SETBIT BITOP HSET HSETNX
  HMSET HINCRBY HINCRBYFLOAT HEXPIRE HPEXPIRE HEXPIREAT HPEXPIREAT HPERSIST HSETEX HGETEX LPUSH RPUSH LPUSHX RPUSHX LINSERT LSET LMOVE RPOPLPUSH SADD SMOVE
  SUNIONSTORE SINTERSTORE SDIFFSTORE ZADD ZINCRBY ZUNIONSTORE ZINTERSTORE ZDIFFSTORE ZRANGESTORE PFADD PFMERGE GEOADD GEOSEARCHSTORE XADD
  XGROUP XREADGROUP XACK XCLAIM XAUTOCLAIM XSETID EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST TOUCH COPY PUBLISH SPUBLISH SAVE BGSAVE BGREWRITEAOF
  SELECT AUTH HELLO MULTI DISCARD WATCH UNWATCH QUIT ASKING READWRITE VADD VSETATTR SORT GEORADIUS GEORADIUSBYMEMBER BITFIELD EVAL_RO EVALSHA_RO FCALL_RO
  JSON.SET JSON.MSET JSON.MERGE JSON.ARRAPPEND JSON.ARRINSERT JSON.NUMINCRBY JSON.STRAPPEND JSON.TOGGLE FT.CREATE FT.ALTER FT.SUGADD TS.CREATE TS.ADD TS.MADD
  TS.INCRBY BF.ADD BF.MADD BF.RESERVE BF.INSERT CF.ADD CF.INSERT CMS.INCRBY TOPK.ADD`);

/** Container commands: the second word decides. */
const CONTAINERS: { readonly [command: string]: ReadonlySet<string> } = {
  CONFIG: words('GET'),
  CLIENT: words('LIST INFO GETNAME ID GETREDIR TRACKINGINFO'),
  CLUSTER: words(
    'INFO NODES SLOTS SHARDS KEYSLOT COUNTKEYSINSLOT GETKEYSINSLOT MYID LINKS REPLICAS SLAVES COUNT-FAILURE-REPORTS',
  ),
  ACL: words('LIST WHOAMI CAT GETUSER USERS LOG DRYRUN GENPASS'),
  MEMORY: words('USAGE STATS DOCTOR MALLOC-STATS'),
  OBJECT: words('ENCODING FREQ IDLETIME REFCOUNT HELP'),
  SLOWLOG: words('GET LEN HELP'),
  LATENCY: words('DOCTOR GRAPH HISTORY LATEST HISTOGRAM'),
  XINFO: words('STREAM GROUPS CONSUMERS'),
  PUBSUB: words('CHANNELS NUMSUB NUMPAT SHARDCHANNELS SHARDNUMSUB'),
  SCRIPT: words('EXISTS'),
  FUNCTION: words('LIST STATS DUMP'),
  MODULE: words('LIST'),
};

export const analyseRedis: ArgumentAnalyser = (value) => {
  const commands = commandsOf(value);
  if (commands === undefined || commands.length === 0)
    return couldNotInterpret('database', 'The Redis command could not be interpreted.');
  return worstVerdict(
    commands.map((command) => verdictOf([commandFinding(command)], 'database')),
    'database',
  );
};

function commandFinding(words: readonly string[]): Finding {
  const name = (words[0] ?? '').toUpperCase();
  const rest = words.slice(1).map((word) => word.toUpperCase());
  const action = name.toLowerCase();
  const objects = words[1] === undefined ? [] : [{ kind: 'key', name: words[1] }];
  const read: Finding = { effect: 'read', action, reason: `${name} only reads.` };
  if (name === 'LOG' || name === '')
    return { effect: 'delete', uninterpreted: true, reason: 'The Redis command could not be interpreted.' };
  if (READS.has(name)) return read;
  const container = Object.hasOwn(CONTAINERS, name) ? CONTAINERS[name] : undefined;
  if (container?.has(rest[0] ?? '') === true && !(name === 'ACL' && rest[0] === 'LOG' && rest[1] === 'RESET'))
    return read;
  // Every argument that might be the word counts, even a key of that name: it only ever asks once too often.
  if (/^(SORT|GEORADIUS|GEORADIUSBYMEMBER)$/.test(name) && !rest.some((word) => /^(STORE|STOREDIST)$/.test(word)))
    return read;
  if (name === 'BITFIELD' && !rest.some((word) => /^(SET|INCRBY)$/.test(word))) return read;
  if (CHANGES.has(name) && !(name === 'XGROUP' && /^(DESTROY|DELCONSUMER)$/.test(rest[0] ?? '')))
    return { effect: 'write', action, reason: `${name} changes what is stored.`, objects };
  return { effect: 'delete', action, reason: `${quoted(name)} removes keys, runs code or steers the server.`, objects };
}

/** `GET key`, one command a line; a list of words; a list of commands; `{command, args}`. */
function commandsOf(value: JsonValue): readonly (readonly string[])[] | undefined {
  if (typeof value === 'string') {
    if (value.length > 100_000 || /(?![\t\r\n])\p{Cc}/u.test(value)) return undefined;
    const lines = value.split(/[\r\n]+/).map((line) => line.trim().split(/\s+/));
    // Quotes only ever surround keys and values; the words that decide stand without them.
    return lines.filter((line) => line[0] !== '').map((line) => line.map((word) => word.replace(/^["']|["']$/g, '')));
  }
  if (Array.isArray(value)) {
    if (value.every((item: JsonValue) => typeof item === 'string' || typeof item === 'number'))
      return value.length === 0 ? undefined : [value.map(String)];
    const all = value.map((item: JsonValue) => commandsOf(item));
    return all.every((commands) => commands !== undefined) ? all.flat() : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const command = value['command'] ?? value['cmd'];
  const args = value['args'] ?? value['arguments'] ?? [];
  if (typeof command !== 'string' || !Array.isArray(args)) return undefined;
  const head = commandsOf(command);
  return head?.length === 1 ? [[...(head[0] ?? []), ...args.map(String)]] : undefined;
}
