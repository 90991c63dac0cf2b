import { expect, test } from 'vitest';
import type { Classification } from '../../../mcp-bridge/core/model/classification.ts';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';
import { readFileCall } from '../../../mcp-bridge/facts/files/file-call.ts';
import { readGitCall } from '../../../mcp-bridge/facts/git/git-call.ts';

const classification: Classification = {
  effect: 'write',
  basis: 'names',
  confidence: 'medium',
  domain: 'files',
  reasons: [],
};

test.each<[string, JsonObject, object | undefined]>([
  ['write_file', { path: '/a', content: 'x' }, { action: 'overwrite', paths: ['/a'], content: 'x' }],
  ['create_file', { filePath: '/a', text: 'x' }, { action: 'overwrite', paths: ['/a'], content: 'x' }],
  ['createDirectory', { path: '/a' }, { action: 'create-folder', paths: ['/a'] }],
  ['mkdir', { dir: '/a' }, { action: 'create-folder', paths: ['/a'] }],
  ['move_file', { source: '/a', destination: '/b' }, { action: 'move', paths: ['/a'], destination: '/b' }],
  ['rename', { old_path: '/a', new_path: '/b' }, { action: 'move', paths: ['/a'], destination: '/b' }],
  ['copy_file', { from: '/a', to: '/b' }, { action: 'overwrite', paths: ['/b'] }],
  ['delete_files', { paths: ['/a', '/b'] }, { action: 'delete', paths: ['/a', '/b'] }],
  ['remove_directory', { directory: '/a', recursive: true }, { action: 'delete', paths: ['/a'] }],
  [
    'edit_file',
    { path: '/a', edits: [{ oldText: 'x', newText: 'y' }] },
    { action: 'edit', paths: ['/a'], edits: [{ oldText: 'x', newText: 'y' }] },
  ],
  ['append_file', { path: '/a', content: 'x' }, { action: 'edit', paths: ['/a'], edits: undefined }],
  ['write_file', { content: 'no path' }, undefined],
  ['frobnicate', { path: '/a' }, undefined],
  ['write_file', { path: ['not', 'a', 'text'] }, undefined],
])('file tool %s %j', (toolName, toolArguments, expected) =>
  expect(readFileCall(toolName, toolArguments, classification)).toEqual(expected),
);

test.each<[string, JsonObject, object]>([
  ['git_commit', { path: '/r', message: 'm' }, { action: 'commit', path: '/r', message: 'm', filesToStage: [] }],
  ['git_commit', { repo_path: '/r', message: 'm' }, { action: 'commit', path: '/r' }],
  ['git_commit', { amend: 'true', noVerify: 1 }, { amend: false, skipsHooks: false, path: undefined }],
  ['git_branch', { mode: 'delete', branchName: 'x' }, { action: 'branch delete', branch: 'x' }],
  ['git_reset', { mode: 'hard' }, { action: 'reset' }],
  ['git_cherry_pick', {}, { action: 'cherry-pick' }],
  ['mcp.git_push', {}, { action: 'push' }],
  ['git_commit', { author: { name: 'x' } }, { author: undefined }],
])('git tool %s %j', (toolName, toolArguments, expected) =>
  expect(readGitCall(toolName, toolArguments, classification)).toMatchObject(expected),
);
