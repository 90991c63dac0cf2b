/** What kind of system a tool acts on, by the words of its server, name and first sentence; the first row that fits. */
import type { Domain } from '../model/classification.ts';

const table: readonly (readonly [Domain, string])[] = [
  [
    'version-control',
    'git github gitlab bitbucket gitea commit branch repository repo pull merge rebase stash worktree',
  ],
  [
    'database',
    'sql postgres postgresql mysql sqlite mssql mongodb mongo redis database table collection clickhouse bigquery snowflake neon elasticsearch index query',
  ],
  ['shell', 'shell bash terminal command process exec powershell'],
  ['files', 'file files filesystem directory folder drive document path'],
  ['message', 'slack gmail email mail message discord telegram teams sms chat channel'],
  [
    'infrastructure',
    'kubernetes kubectl helm docker container terraform aws azure gcloud cloud heroku netlify railway deploy deployment argocd pod cluster dyno',
  ],
  ['web', 'browser page playwright puppeteer chrome url web http fetch scrape crawl'],
  ['knowledge', 'memory notion confluence wiki note notes obsidian page entities entity graph jira linear issue task'],
];
const domains = new Map<string, Domain>(
  table.flatMap(([domain, words]) => words.split(' ').map((word): [string, Domain] => [word, domain])),
);

export function domainOf(words: Iterable<string>): Domain {
  for (const word of words) {
    const domain = domains.get(word);
    if (domain) return domain;
  }
  return 'other';
}
