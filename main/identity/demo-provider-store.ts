/**
 * What the demo provider remembers: sign-ins and grants, in memory and, where it was given a folder, in a file, so that
 * a sign-in survives a restart. Codes and refresh tokens are names of records here, so a record is filed under the
 * hash of its name and does not hold it: no usable token is in the file.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Adapter, AdapterPayload } from 'oidc-provider';

type StoredRecord = { readonly model: string; payload: AdapterPayload; expiresAtS?: number };
type Records = Map<string, StoredRecord>;

const grantable = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);
const lasting = new Set(['Grant', 'RefreshToken']);
const mostRecords = 2_000;

export function demoStore(file: string | undefined, nowS: () => number): (model: string) => Adapter {
  const records: Records = file === undefined ? new Map() : readRecords(file);

  function changed(model: string): void {
    for (const [key, { expiresAtS }] of records) {
      if (expiresAtS !== undefined && expiresAtS <= nowS()) records.delete(key);
    }
    for (const key of records.keys()) {
      if (records.size <= mostRecords) break;
      records.delete(key);
    }
    if (file !== undefined && lasting.has(model)) writeRecords(file, records);
  }

  return (model) => {
    const find = async (id: string): Promise<AdapterPayload | undefined> => {
      const found = records.get(keyOf(model, id));
      return found ? { ...found.payload, jti: id } : undefined;
    };
    const findBy = async (member: 'uid' | 'userCode', value: string): Promise<AdapterPayload | undefined> =>
      [...records.values()].find((found) => found.model === model && found.payload[member] === value)?.payload;
    return {
      find,
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (userCode) => findBy('userCode', userCode),
      async upsert(id, payload, expiresInS) {
        const { jti: _name, ...withoutName } = payload;
        // a session is looked up by its uid too, and has to be given back with its name; it stays in memory
        const kept = model === 'Session' ? payload : withoutName;
        const expiry = expiresInS === undefined ? {} : { expiresAtS: nowS() + expiresInS };
        records.set(keyOf(model, id), { model, payload: kept, ...expiry });
        changed(model);
      },
      async consume(id) {
        const found = records.get(keyOf(model, id));
        if (found) found.payload = { ...found.payload, consumed: nowS() };
        changed(model);
      },
      async destroy(id) {
        records.delete(keyOf(model, id));
        changed(model);
      },
      async revokeByGrantId(grantId) {
        for (const [key, found] of records) {
          if (grantable.has(found.model) && found.payload.grantId === grantId) records.delete(key);
        }
        changed('Grant');
      },
    };
  };
}

function keyOf(model: string, id: string): string {
  return createHash('sha256').update(`${model}:${id}`).digest('base64url');
}

function readRecords(file: string): Records {
  try {
    return new Map(JSON.parse(fs.readFileSync(file, 'utf8')) as [string, StoredRecord][]);
  } catch {
    return new Map(); // the first start, or damaged: then old sign-ins have ended, which is the safe side
  }
}

function writeRecords(file: string, records: Records): void {
  const kept = [...records].filter(([, { model }]) => lasting.has(model));
  const fresh = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  fs.rmSync(fresh, { force: true });
  fs.writeFileSync(fresh, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
  fs.renameSync(fresh, file);
}
