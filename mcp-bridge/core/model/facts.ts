/**
 * What is true in the world right now, as the bridge read it with its own eyes, never as the caller says it.
 * A fact that could not be read is `unavailable`, with the reason; it is never guessed.
 */
export type Facts =
  | GitCommitFacts
  | GitPushFacts
  | GitOtherFacts
  | FileFacts
  | KnowledgeFacts
  | { readonly kind: 'none' }
  | { readonly kind: 'unavailable'; readonly reason: string };

export type GitRepositoryFacts = {
  /** Canonical absolute path of the work tree. */
  readonly repositoryPath: string;
  /** Last segment of the path, or of the remote's address where there is one. */
  readonly repositoryName: string;
  /** Short name; undefined when HEAD is detached. */
  readonly branch?: string | undefined;
  readonly headCommit?: string | undefined;
  readonly remote?: { readonly name: string; readonly url: string } | undefined;
};

export type GitCommitFacts = {
  readonly kind: 'git-commit';
  readonly repository: GitRepositoryFacts;
  readonly author: { readonly name: string; readonly email: string };
  readonly message: string;
  readonly amend: boolean;
  readonly skipsHooks: boolean;
  readonly hooks: readonly string[];
  readonly diff: readonly FileDiff[];
  readonly remarks?: Remarks | undefined;
};

/** Sentences on what is unusual about the target or could not be read; where there are any, no session grant is offered. */
export type Remarks = readonly string[];

export type GitPushFacts = {
  readonly kind: 'git-push';
  readonly repository: GitRepositoryFacts;
  readonly remote: { readonly name: string; readonly url: string };
  readonly targetBranch: string;
  readonly force: boolean;
  readonly deletes: boolean;
  readonly commits: readonly { readonly hash: string; readonly subject: string; readonly author: string }[];
  readonly remarks?: Remarks | undefined;
};

export type GitOtherFacts = {
  readonly kind: 'git-other';
  readonly repository: GitRepositoryFacts;
  readonly action: string;
  /** What the action takes away or brings in, all of it, where it can be told without running anything. */
  readonly affected?: readonly AffectedThings[] | undefined;
  readonly remarks?: Remarks | undefined;
};

export type AffectedThings = {
  readonly noun: 'untracked file' | 'changed file' | 'commit' | 'stash';
  readonly items: readonly { readonly name: string; readonly detail?: string | undefined }[];
};

export type FileDiff = {
  readonly path: string;
  readonly previousPath?: string | undefined;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed';
  readonly binary: boolean;
  readonly addedLines: number;
  readonly removedLines: number;
  readonly hunks: readonly DiffHunk[];
};

export type DiffHunk = { readonly header: string; readonly lines: readonly DiffLine[] };
export type DiffLine = {
  readonly kind: 'context' | 'added' | 'removed' | 'no-newline';
  readonly text: string;
};

export type FileFacts = {
  readonly kind: 'files';
  readonly action: 'create' | 'overwrite' | 'edit' | 'move' | 'create-folder' | 'delete';
  readonly targets: readonly FileTarget[];
  /** For an overwrite or an edit: the present content against what would be written. */
  readonly diff: readonly FileDiff[];
  /** For a recursive deletion: everything it covers. */
  readonly covers?:
    | {
        readonly files: number;
        readonly folders: number;
        readonly bytes: number;
        readonly items: readonly FileTarget[];
      }
    | undefined;
  readonly remarks?: Remarks | undefined;
};

export type FileTarget = {
  /** Canonical absolute path, symbolic links resolved. */
  readonly path: string;
  readonly exists: boolean;
  readonly entryKind?: 'file' | 'folder' | 'link' | 'other' | undefined;
  readonly bytes?: number | undefined;
  readonly modifiedAt?: string | undefined;
  /** Outside every root that the server was given, or through a link that leaves them (CL-13). */
  readonly outsideRoots?: boolean | undefined;
};

/** Objects of a knowledge base, a tracker or the like, addressed by name. */
export type KnowledgeFacts = {
  readonly kind: 'objects';
  readonly action: 'create' | 'change' | 'delete';
  readonly noun: string;
  readonly objects: readonly { readonly name: string; readonly detail?: string | undefined }[];
};

/**
 * Canonical facts that guardrails, grants and policies match on, e.g. `repository`, `branch`, `environment`,
 * `path`. A missing attribute never matches a permit and always matches a forbid (CL-18).
 */
export type Attributes = { readonly [name: string]: string | number | boolean };

export type GatheredFacts = {
  readonly facts: Facts;
  readonly attributes: Attributes;
  /** SHA-256 over everything the person is shown of the world; checked again at execution. */
  readonly worldDigest: string;
};
