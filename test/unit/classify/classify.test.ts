import { describe, expect, test } from 'vitest';
import type { Analysers, AnalyserVerdict } from '../../../mcp-bridge/core/classify/analysers/ports.ts';
import {
  argumentDecides,
  type ClassifyInput,
  classify,
  classifyTool,
} from '../../../mcp-bridge/core/classify/classify.ts';
import type { Effect } from '../../../mcp-bridge/core/model/effect.ts';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';
import type { ToolAnnotations, ToolDefinition } from '../../../mcp-bridge/core/model/tool.ts';

type Definition = { name: string; description?: string; properties?: JsonObject; annotations?: ToolAnnotations };

function tool({ name, description, properties = {}, annotations }: Definition): ToolDefinition {
  return { name, description, inputSchema: { type: 'object', properties }, annotations };
}

function input(definition: Definition, more: Partial<ClassifyInput> = {}): ClassifyInput {
  return { serverId: 'tools', tool: tool(definition), trusted: false, ...more };
}

const text = { type: 'string' };
const choice = (...values: string[]) => ({ type: 'string', enum: values });

describe('names', () => {
  test.each<[string, string, Effect]>([
    ['a verb first', 'delete_branch', 'delete'],
    ['a verb last', 'cookie_delete', 'delete'],
    ['camel case', 'deleteBranch', 'delete'],
    ['kebab case', 'drop-table', 'delete'],
    ['dots', 'users.list', 'read'],
    ['a prefix of generated tools', 'API-delete-a-block', 'delete'],
    ['an HTTP method in front of the verb', 'API-post-search', 'read'],
    ['a participle is no verb', 'get_deleted_items', 'read'],
    ['two verbs, the worse counts', 'list_and_remove', 'delete'],
    ['a noun that contains delete', 'delete_protection_status_get', 'read'],
    ['get or create', 'get_or_create', 'write'],
    ['search and replace', 'search_and_replace', 'write'],
    ['find and replace, camel case', 'findAndReplace', 'write'],
    ['verbs side by side', 'read_write_file', 'write'],
    ['a noun that is a verb elsewhere', 'get_merge_request', 'read'],
    ['the noun first', 'merge_request_get', 'read'],
    ['starting something that reads', 'start_scan', 'write'],
    ['marking as read', 'mark_message_as_read', 'write'],
    ['a section of the server in front', 'mail_list_aliases', 'read'],
    ['a section of the server that is no verb', 'shop_list_orders', 'read'],
    ['a snapshot of a machine', 'snapshot_droplet', 'write'],
    ['checking in is no check', 'check_in_guest', 'write'],
    ['choosing a page is a view', 'select_page', 'read'],
    ['choosing an option fills a form', 'select_option', 'write'],
    ['a list that is deleted', 'delete_list', 'delete'],
    ['a list that is closed', 'close_list', 'write'],
    ['a brand is no verb', 'listWordPressPlugins', 'read'],
    ['marking all read', 'mark_all_read', 'write'],
    ['resolving a thread', 'resolve_thread', 'write'],
    ['resolving an id', 'resolve-library-id', 'read'],
    ['archiving', 'archive_card', 'write'],
    ['unlinking', 'unlink_issue', 'write'],
    ['removing', 'remove_member', 'delete'],
    ['running a job of the server', 'run_workflow', 'write'],
    ['running a command', 'run_command', 'delete'],
    ['executing code', 'execute_python', 'delete'],
    ['calling any tool', 'call_tool', 'delete'],
    ['typing into a shell', 'write_to_terminal', 'delete'],
    ['doing something again', 'reauthorize_account', 'write'],
    ['taking something back', 'unmerge_cells', 'write'],
    ['a perform in front', 'perform_search', 'read'],
    ['a perform in front of a deletion', 'perform_delete', 'delete'],
    ['downloading is reading', 'download_file', 'read'],
    ['connecting is reading', 'connect', 'read'],
    ['managing says nothing', 'manage_labels', 'delete'],
    ['a verb in front of a noun that is read elsewhere', 'consume_messages', 'write'],
    ['two words that could both be the verb', 'plan_apply', 'write'],
    ['a queue that is read', 'queue_get_message', 'read'],
    ['a bulk of something that is done', 'bulk_import', 'write'],
    ['words without a gap', 'createorupdate_server', 'write'],
    ['any API', 'call_api', 'delete'],
    ['a disk is formatted, code as well', 'format_disk', 'delete'],
    ['an audit that is run', 'run_audit', 'read'],
    ['a scan that is run', 'run_scan', 'write'],
    ['a chart that is drawn', 'generate_chart', 'read'],
    ['a report that is made', 'generate_report', 'write'],
    ['cancelling', 'cancel_order', 'write'],
    ['recreating', 'recreate_container', 'delete'],
    ['a word nobody knows', 'frobnicate', 'delete'],
    ['letters of another script', '删除文件', 'delete'],
    ['no letters at all', '___', 'delete'],
    ['a name no one could read', `get_${'x'.repeat(300)}`, 'delete'],
  ])('%s: %s', (_behaviour, name, expected) => {
    expect(classifyTool(input({ name })).effect).toBe(expected);
  });

  test('the words of the server are not the verb', () => {
    const definition = { name: 'acme_fetch_orders' };
    expect(classifyTool(input(definition, { serverId: 'acme' }))).toMatchObject({ effect: 'read', basis: 'names' });
  });
});

describe('descriptions', () => {
  test.each<[string, string, string, Effect]>([
    ['speaks alone where the name says nothing', 'whatever', 'Deletes the branch', 'delete'],
    ['reading speaks alone too', 'whatever', 'Returns the list of branches', 'read'],
    ['an opener is passed over', 'whatever', 'Use this tool to list branches', 'read'],
    ['a heading is passed over', 'whatever', 'Notion | Retrieve a page', 'read'],
    ['joined verbs count', 'whatever', 'Create, update or delete a label', 'delete'],
    ['joined nouns do not', 'whatever', 'List issues, labels and notes', 'read'],
    ['a verb far behind counts when it is bent alike', 'get_label', 'Gets a label by name or creates it', 'write'],
    ['a longer answer is not an act', 'get_range', "Returns the range's font, fill and border", 'read'],
    ['accuses a name that reads', 'get_status', 'Deletes the status', 'delete'],
    ['never excuses a name that deletes', 'delete_item', 'Gets an item. Read-only.', 'delete'],
    ['destroying for good', 'update_item', 'Update it. Permanently deletes the old one.', 'delete'],
    ['a denial is not an act', 'update_item', 'Updates it. Does not permanently delete anything.', 'write'],
    ['another tool is not this one', 'get_item', 'Get an item. Use delete_item to delete it instead.', 'read'],
    ['a vague opening keeps the worst', 'permissions', 'Manage permissions', 'delete'],
    ['un-verbs take back', 'unassign_user', 'Remove a user from an issue', 'write'],
    ['membership changes', 'modify_labels', 'Adds or removes labels', 'write'],
    ['saving what was fetched is reading', 'download_log', 'Download a log and save it to disk', 'read'],
    ['the page is a view', 'start_tracing', 'Start a trace of the browser page', 'read'],
    ['the session is a view', 'set_project', 'Set the project for subsequent calls', 'read'],
    ['executing what is not named', 'whatever', 'Executes the request', 'delete'],
    ['returning rows is an answer', 'sample_table', 'Return a sample of rows', 'read'],
    ['returning goods is an act', 'rma', 'Return an order to the vendor', 'write'],
    [
      'deleting in a list of acts',
      'update_setting',
      'Updates a setting:\n- Set: sets it.\n- Delete: deletes it.',
      'delete',
    ],
    ['all data is lost', 'reinstall_server', 'Reinstall it. All data on the disk will be erased.', 'delete'],
    ['saving for others', 'export_model', 'Export a model and auto-save it to the shared library', 'write'],
    ['saving a download', 'download_clip', 'Save the clip to disk', 'read'],
    ['a list of things', 'server_domains', 'Domains on the server', 'read'],
    ['a list of things that is managed', 'server_domains', 'Domains on the server: add or drop one', 'delete'],
    ['whatever operations', 'queue_operations', 'Execute multiple operations in one call', 'delete'],
    ['several searches', 'search_batch', 'Run multiple search queries at once', 'read'],
    ['adding and removing', 'update_request', 'Update a request, and add or remove labels', 'write'],
    ['an act joined on in Chinese', 'downloadTemplate', '自动下载并部署项目模板。', 'write'],
    ['a removal joined on in Chinese', 'downloadTemplate', '下载并删除项目模板。', 'delete'],
  ])('%s', (_behaviour, name, description, expected) => {
    expect(classifyTool(input({ name, description })).effect).toBe(expected);
  });
});

test('a name that is no text is delete-grade, and decides nothing', () => {
  const broken = { name: { toString: false }, inputSchema: {} } as unknown as ToolDefinition;
  expect(classifyTool({ serverId: 's', tool: broken, trusted: false }).effect).toBe('delete');
  expect(argumentDecides(broken)).toBe(false);
});

describe('one tool with several acts', () => {
  const several = {
    name: 'bulk_edit_tags',
    description: "Edits tags. The 'delete' operation permanently deletes them.",
    properties: { operation: choice('set_permissions', 'delete') },
  };
  const filtered = { name: 'list_adjustments', properties: { action: choice('credit', 'refund') } };
  const branch = {
    name: 'branch',
    description: 'Manage branches',
    properties: { mode: choice('list', 'create', 'delete') },
  };
  const issue = { name: 'update_issue', properties: { action: choice('get', 'rename', 'delete') } };
  const byText = {
    name: 'manage_rules',
    properties: { action: { type: 'string', description: "One of 'list', 'delete'" } },
  };
  const byAlternatives: Definition = {
    name: 'manage_site',
    properties: { operation: { anyOf: [{ const: 'get-site' }, { const: 'delete-site' }] } },
  };
  const nested: Definition = {
    name: 'batch',
    properties: {
      steps: { type: 'array', items: { type: 'object', properties: { operation: choice('read', 'drop') } } },
    },
  };
  test.each<[string, Definition, JsonObject | undefined, Effect]>([
    ['without arguments the worst counts', branch, undefined, 'delete'],
    ['what the text says of one act is not said of another', several, { operation: 'set_permissions' }, 'write'],
    ['what the text says of one act counts for it', several, { operation: 'delete' }, 'delete'],
    ['and in the worst case', several, undefined, 'delete'],
    ['a filter beside a name that reads', filtered, undefined, 'read'],
    ['listing reads', branch, { mode: 'list' }, 'read'],
    ['creating writes', branch, { mode: 'create' }, 'write'],
    ['deleting deletes', branch, { mode: 'delete' }, 'delete'],
    ['a value that is not listed is delete-grade', branch, { mode: 'purge' }, 'delete'],
    ['a value of another type is delete-grade', branch, { mode: 7 }, 'delete'],
    ['a missing value is the worst', branch, {}, 'delete'],
    ['the name sets the floor', issue, { action: 'get' }, 'write'],
    ['the argument may raise above the name', issue, { action: 'delete' }, 'delete'],
    ['values that only the description lists', byText, { action: 'list' }, 'read'],
    ['values spread over alternatives', byAlternatives, { operation: 'get-site' }, 'read'],
    ['values spread over alternatives, worst', byAlternatives, undefined, 'delete'],
    ['inside a list, all are read', nested, { steps: [{ operation: 'read' }, { operation: 'drop' }] }, 'delete'],
    ['inside a list, only reading', nested, { steps: [{ operation: 'read' }] }, 'read'],
    [
      'a filter is no act',
      { name: 'list_todos', properties: { action: choice('assigned', 'build_failed') } },
      undefined,
      'read',
    ],
    [
      'the patch of a document is no deletion',
      { name: 'update_item', properties: { op: choice('add', 'remove') } },
      undefined,
      'write',
    ],
    [
      'things are no acts',
      { name: 'create_note', properties: { type: choice('issue', 'comment', 'label') } },
      undefined,
      'write',
    ],
    [
      'a switch that deletes, unset',
      { name: 'merge_request_merge', properties: { delete_branch: { type: 'boolean' } } },
      { delete_branch: false },
      'write',
    ],
    [
      'a switch that deletes, set',
      { name: 'merge_request_merge', properties: { delete_branch: { type: 'boolean' } } },
      { delete_branch: true },
      'delete',
    ],
    [
      'a switch that protects',
      { name: 'update_server', properties: { delete_protection: { type: 'boolean' } } },
      undefined,
      'write',
    ],
    ['a forced push', { name: 'push', properties: { force: { type: 'boolean' } } }, { force: true }, 'delete'],
  ])('%s', (_behaviour, definition, args, expected) => {
    expect(classify(input(definition, { arguments: args }), {}).effect).toBe(expected);
  });

  test('a schema may point at its own definitions', () => {
    const inputSchema = {
      type: 'object',
      properties: { mode: { $ref: '#/$defs/Mode' } },
      $defs: { Mode: choice('list', 'delete') },
    };
    const definition = { name: 'branch', description: 'Manage branches', inputSchema };
    expect(classify({ serverId: 's', tool: definition, trusted: false, arguments: { mode: 'list' } }, {}).effect).toBe(
      'read',
    );
    expect(argumentDecides(definition)).toBe(true);
  });
});

describe('code in the arguments', () => {
  const verdict = (effect: Effect): AnalyserVerdict => ({
    effect,
    domain: 'database',
    action: 'x',
    reasons: ['Parsed.'],
  });
  const analysers: Analysers = { sql: (value) => verdict(value === 'SELECT 1' ? 'read' : 'delete') };
  const sql = { name: 'run_sql', description: 'Runs SQL', properties: { sql: text } };
  const modifying = {
    name: 'execute',
    description: 'Run a data-modifying SQL statement. Currently disabled: the server is read-only.',
    properties: { sql: text },
  };
  const promised = { name: 'query', description: 'Run a read-only SQL query', properties: { sql: text } };
  const migration = {
    name: 'apply_migration',
    description: 'Applies DDL to the database',
    properties: { query: text },
  };
  const search = { name: 'search_issues', description: 'Search issues', properties: { query: text } };
  test.each<[string, Definition, JsonObject | undefined, Effect]>([
    ['any SQL is the worst case', sql, undefined, 'delete'],
    ['SQL that reads', sql, { sql: 'SELECT 1' }, 'read'],
    ['SQL that drops', sql, { sql: 'DROP TABLE t' }, 'delete'],
    ['no SQL at all is the worst case', sql, {}, 'delete'],
    ['a promise counts as long as there are no bytes', promised, undefined, 'read'],
    ['a promise of a tool that says it modifies', modifying, undefined, 'delete'],
    ['the bytes break a promise', promised, { sql: 'DROP TABLE t' }, 'delete'],
    ['a migration runs what it is given', migration, undefined, 'delete'],
    ['a search text is not code', search, { query: 'drop table' }, 'read'],
    [
      'code of a language that nobody parses',
      { name: 'run_code', properties: { code: text } },
      { code: '1' },
      'delete',
    ],
    ['code that is only looked at', { name: 'validate_code', properties: { code: text } }, { code: '1' }, 'read'],
    [
      'an HTTP method as the caller likes',
      { name: 'http_request', properties: { method: text, url: text } },
      undefined,
      'delete',
    ],
  ])('%s', (_behaviour, definition, args, expected) => {
    expect(classify(input(definition, { arguments: args }), analysers).effect).toBe(expected);
  });

  const api: Definition = {
    name: 'make_api_call',
    description: 'Make a call to the API',
    properties: { method: choice('GET', 'POST'), path: text, headers: { type: 'object' } },
  };
  const http: Analysers = { http: (_value, context) => verdict('headers' in context.arguments ? 'delete' : 'read') };
  test.each<[string, JsonObject | undefined, Analysers, Effect]>([
    ['a listed method is the worst of the list', undefined, http, 'write'],
    [
      'its bytes may still be worse',
      { method: 'GET', path: '/', headers: { 'X-HTTP-Method-Override': 'DELETE' } },
      http,
      'delete',
    ],
  ])('%s', (_behaviour, args, given, expected) => {
    expect(classify(input(api, { arguments: args }), given).effect).toBe(expected);
  });

  test('several places for code: with none filled no one knows what runs', () => {
    const twice = { name: 'run_script', properties: { script: text, code: text } };
    expect(classify(input(twice, { arguments: {} }), {}).effect).toBe('delete');
  });

  test('without its analyser it could not be interpreted', () => {
    expect(classify(input(sql, { arguments: { sql: 'SELECT 1' } }), {})).toMatchObject({
      effect: 'delete',
      uninterpreted: true,
      confidence: 'low',
    });
  });

  test('an analyser that breaks is a deletion, not an error', () => {
    const broken: Analysers = {
      sql: () => {
        throw new Error('broken');
      },
    };
    expect(classify(input(sql, { arguments: { sql: 'SELECT 1' } }), broken)).toMatchObject({
      effect: 'delete',
      basis: 'unknown',
    });
  });

  test('what the analyser found is said', () => {
    expect(classify(input(sql, { arguments: { sql: 'SELECT 1' } }), analysers)).toMatchObject({
      effect: 'read',
      basis: 'arguments',
      domain: 'database',
      action: 'x',
      reasons: ['Parsed.', 'The name says `run`: it changes something.'],
    });
  });
});

describe('annotations', () => {
  const readOnly = { readOnlyHint: true, destructiveHint: false };
  test.each<[string, Definition, boolean, Effect]>([
    ['untrusted read-only is not heard', { name: 'frobnicate', annotations: readOnly }, false, 'delete'],
    ['trusted read-only is', { name: 'frobnicate', annotations: readOnly }, true, 'read'],
    [
      'trusted read-only lowers what only starts something',
      { name: 'start_trace', annotations: readOnly },
      true,
      'read',
    ],
    ['trusted read-only does not excuse a deletion', { name: 'delete_all', annotations: readOnly }, true, 'delete'],
    [
      'untrusted not-read-only raises a leaning word',
      { name: 'check_items', annotations: { readOnlyHint: false } },
      false,
      'write',
    ],
    [
      'but not a clear one',
      { name: 'list_items', description: 'List items', annotations: { readOnlyHint: false } },
      false,
      'read',
    ],
    [
      'untrusted destructive raises a leaning word',
      { name: 'rebuild_index', annotations: { destructiveHint: true } },
      false,
      'delete',
    ],
    ['but not a clear one', { name: 'create_order', annotations: { destructiveHint: true } }, false, 'write'],
    [
      'trusted non-destructive caps a leaning deletion',
      { name: 'reset_view', annotations: { destructiveHint: false } },
      true,
      'write',
    ],
    [
      'trusted read-only does not excuse code',
      { name: 'run_code', properties: { code: text }, annotations: readOnly },
      true,
      'delete',
    ],
    [
      'a hint of another type is none',
      { name: 'frobnicate', annotations: { readOnlyHint: 'yes' as unknown as boolean } },
      true,
      'delete',
    ],
  ])('%s', (_behaviour, definition, trusted, expected) => {
    expect(classifyTool(input(definition, { trusted })).effect).toBe(expected);
  });
});

describe('the person', () => {
  test("a pin is the person's own word", () => {
    expect(classify(input({ name: 'delete_all' }, { pin: 'read' }), {})).toEqual({
      effect: 'read',
      basis: 'pin',
      confidence: 'high',
      domain: 'other',
      action: 'delete',
      reasons: ['You set this tool to read.'],
    });
  });
});
