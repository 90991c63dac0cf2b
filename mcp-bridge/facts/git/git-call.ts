/** What a git tool is asked to do, whichever server offers it: one vocabulary for the names they use. */
import type { Classification } from '../../core/model/classification.ts';
import type { JsonObject, JsonValue } from '../../core/model/json.ts';
import { textOf, textsOf } from '../arguments.ts';

export type GitCall = {
  /** The act in git's own words: `commit`, `push`, `branch delete`. */
  readonly action: string;
  readonly path?: string | undefined;
  readonly message?: string | undefined;
  readonly author?: { readonly name: string; readonly email: string } | undefined;
  readonly amend: boolean;
  readonly skipsHooks: boolean;
  readonly filesToStage: readonly string[];
  /** The branch that the call names as its object, if any. */
  readonly branch?: string | undefined;
  readonly arguments: JsonObject;
};

const PATH_NAMES =
  'path repo_path repoPath repositoryPath repository_path workingDirectory working_directory cwd repository repo'.split(
    ' ',
  );
const MODE_NAMES = ['mode', 'action', 'operation', 'subcommand'];

export function readGitCall(toolName: string, toolArguments: JsonObject, classification: Classification): GitCall {
  const verb = /(?:^|[_.-])git[_.-](?<verb>[a-z_-]+)$/i.exec(toolName)?.groups?.['verb'] ?? classification.action;
  const mode = textOf(toolArguments, MODE_NAMES);
  const action = (verb ?? toolName).toLowerCase().replaceAll('_', '-');
  const isPlain = action === 'commit' || action === 'push' || action === 'reset';
  return {
    action: mode === undefined || isPlain ? action : `${action} ${mode}`,
    path: textOf(toolArguments, PATH_NAMES),
    message: textOf(toolArguments, ['message']),
    author: authorOf(toolArguments['author']),
    amend: toolArguments['amend'] === true,
    skipsHooks: toolArguments['noVerify'] === true || toolArguments['no_verify'] === true,
    filesToStage: textsOf(toolArguments['filesToStage'] ?? toolArguments['files_to_stage']),
    branch: textOf(toolArguments, ['branchName', 'branch_name', 'branch']),
    arguments: toolArguments,
  };
}

function authorOf(value: JsonValue | undefined): GitCall['author'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const name = textOf(value as JsonObject, ['name']);
  const email = textOf(value as JsonObject, ['email']);
  return name === undefined || email === undefined ? undefined : { name, email };
}
