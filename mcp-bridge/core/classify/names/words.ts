/** A longer name is nobody's choice; the classifier does not read it at all. */
export const MAX_NAME_CHARACTERS = 200;

const BOUNDARY = /([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])/g;

/** Names of products that hold a capital inside, so that WordPress is nothing to press and SharePoint nothing to share. */
const brands =
  /wordpress|github|gitlab|youtube|linkedin|postgresql|mysql|javascript|typescript|dropbox|clickup|clickhouse|sharepoint|onedrive|onenote|powershell|pagerduty|hubspot|bitbucket|cloudflare|runpod|graphql|openapi|devops|mongodb|docusign|typeform|checkmk/gi;

/** Names into words: `API-post-page`, `browser_tabCloseAll` and `users.list` all become lower-case words. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, MAX_NAME_CHARACTERS)
    .replace(brands, (brand) => ` ${brand.toLowerCase()} `)
    .replace(BOUNDARY, (_all, a, b, c, d) => (a ? `${a} ${b}` : `${c} ${d}`))
    .toLowerCase()
    .replace(
      /(?<![a-z])(create|get|insert|update|list|delete|remove|find)(or|all|by|many|one|batch)(?=[a-z]{3}|(?![a-z]))/g,
      '$1 $2 ',
    )
    .split(/[^a-z0-9\u0080-\uffff]+/)
    .filter((word) => word !== '');
}

/** The forms a verb may have been bent from, likeliest first: `deletes`, `deleting` → `delete`. Not `deleted`. */
export function baseForms(word: string): readonly string[] {
  const forms = [word];
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('es')) forms.push(word.slice(0, -2));
  if (word.endsWith('s') && !word.endsWith('ss')) forms.push(word.slice(0, -1));
  if (word.endsWith('ing') && word.length > 5) {
    const stem = word.slice(0, -3);
    forms.push(`${stem}e`, stem);
    if (stem.at(-1) === stem.at(-2)) forms.push(stem.slice(0, -1));
  }
  return forms;
}
