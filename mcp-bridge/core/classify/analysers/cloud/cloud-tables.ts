/**
 * Command-line tools of infrastructure and forges (CL-10, CL-16): which of their verbs read, change and destroy.
 *
 * A pattern is matched against the plain words of the call from the first one on (`rollout status web`). What matches
 * none is `otherwise`. `flags` and `valued` are the options that may stand before the verb: behind an option that is not
 * known, the next word might be its value and the verb another one.
 */
import type { Domain } from '../../../model/classification.ts';
import type { Effect } from '../../../model/effect.ts';

export type Tool = {
  readonly domain: Domain;
  readonly valued: RegExp;
  readonly flags: RegExp;
  readonly reads: RegExp;
  readonly destroys: RegExp;
  /** Runs code that is not shown here. */
  readonly runs?: RegExp;
  /** Options that make a change a deletion. */
  readonly destroyingOptions?: RegExp;
  /** Options that make a read something else. */
  readonly changingOptions?: RegExp;
  /** Changes of version-controlled code, by another tool (CL-10). */
  readonly versionControl?: RegExp;
  readonly otherwise: Exclude<Effect, 'read'>;
};

const infrastructure = { domain: 'infrastructure' } as const;
const NO_FLAGS = /^(--debug|--verbose|-v|--help|-h|--no-color|--quiet|-q)$/;

const KUBECTL: Tool = {
  ...infrastructure,
  valued:
    /^(-n|--namespace|--context|--cluster|--request-timeout|-o|--output|-l|--selector|--field-selector|-v|--v|--user|-c|--container|--tail|--since|--sort-by|--replicas|-f|--filename|-k)$/,
  flags: /^(-A|--all-namespaces|-w|--watch|--no-headers|--show-labels|-h|--help|-R|--recursive)$/,
  reads:
    /^(get|describe|logs|top|explain|version|api-resources|api-versions|cluster-info(?! dump)|diff|auth (can-i|whoami)|config (view|get-contexts|get-clusters|get-users|current-context)|rollout (status|history)|wait|options|events|kustomize|plugin list|completion)(?= |$)/,
  destroys: /^(delete|drain|config (delete-context|delete-cluster|delete-user|unset)|rollout undo)(?= |$)/,
  runs: /^(exec|debug|attach|run|plugin|proxy|port-forward|cp)(?= |$)/,
  destroyingOptions:
    /^(--force|--prune|--prune-allowlist|--prune-whitelist|--grace-period=0|--now|--replicas=0|--overwrite-all|--cascade(=.*)?)$/,
  changingOptions:
    /^(--kubeconfig|--server|-s|--token|--as|--raw|--output-directory|--certificate-authority|--insecure-skip-tls-verify)/,
  otherwise: 'write',
};

const TERRAFORM: Tool = {
  ...infrastructure,
  valued: /^$/,
  flags: /^(-chdir=.*|-no-color|-version|-help|--terragrunt-working-dir=.*|--terragrunt-non-interactive)$/,
  reads:
    /^(plan|show|output|version|validate|providers(?! (lock|mirror))|graph|state (list|show|pull)|workspace (list|show)|metadata functions)(?= |$)/,
  destroys:
    /^(destroy|state (rm|mv|push|replace-provider)|taint|force-unlock|workspace delete|run-all|apply-all|destroy-all)(?= |$)/,
  runs: /^(console|test)(?= |$)/,
  destroyingOptions: /^--?(destroy|auto-approve|replace(=.*)?|force|lock=false|reconfigure|force-copy)(=true)?$/,
  changingOptions: /^--?(out|generate-config-out|write)(=|$)/,
  otherwise: 'write',
};

const DOCKER: Tool = {
  ...infrastructure,
  valued: /^(-f|--file|-p|--project-name|-l|--log-level|--profile|--filter|--format|-n|--tail|--since)$/,
  flags: /^(-D|--debug|-a|--all|-q|--quiet|--no-trunc|--version|-v)$/,
  reads:
    /^(ps|images|logs|inspect|info|version|stats|top|port|history|search|diff|events|(container|image|volume|network|context|node|service|stack|secret|config|plugin|builder) (ls|list|inspect|logs|history|top|stats|port|diff|ps|show)|system (df|info|events)|compose (ps|logs|config|images|top|version|ls|port|events)|buildx (ls|inspect|version|du)|manifest inspect)(?= |$)/,
  destroys:
    /^(rm|rmi|kill|swarm leave|(\w+ )?(prune|rm|remove|down|kill)|system prune|compose (down|rm|kill)|volume (rm|prune))(?= |$)/,
  runs: /^(exec|run|build|buildx build|buildx bake|bake|compose (up|run|exec|build)|container (exec|run)|image build|load|import|debug|init|model|mcp|offload|sandbox)(?= |$)/,
  destroyingOptions: /^(--force|--volumes|--rmi|--remove-orphans|--prune)(=.*)?$/,
  changingOptions: /^(-H|--host|--config|--tls|-c|--context|--resolve-image-digests|-o=|--output=|--lock-image)/,
  otherwise: 'write',
};

const READ_OPERATION =
  'describe|get|list|head|search|lookup|batch-get|scan|query|select|filter|view|check|simulate|validate|preview|estimate|discover|detect|count';

const AWS: Tool = {
  ...infrastructure,
  valued:
    /^(--profile|--region|--output|--query|--cli-read-timeout|--cli-connect-timeout|--ca-bundle|--color|--max-items|--page-size|--starting-token)$/,
  flags: /^(--no-cli-pager|--no-paginate|--debug|--no-verify-ssl|--no-sign-request|--version|--no-cli-auto-prompt)$/,
  reads: new RegExp(
    `^(s3 ls|s3api (head-(bucket|object)|list-[\\w-]+|get-bucket-[\\w-]+|get-public-access-block|get-object-(acl|tagging|attributes|retention))|configure (list|list-profiles|get)|logs tail|ec2 wait|sso list-[\\w-]+|help|(?!s3 |s3api |configure )[\\w-]+ (${READ_OPERATION})-[\\w-]+|[\\w-]+ (wait|help)|dynamodb (scan|query)|logs filter-log-events)(?= |$)`,
  ),
  destroys:
    /^(s3 (rm|rb|mv)|[\w-]+ (delete|remove|terminate|destroy|purge|deregister|detach|disable|revoke|cancel|stop|reset|release|batch-delete|disassociate|untag|unsubscribe|reject|empty|reboot|abort|reject|schedule-key-deletion|bulk-delete|forget|restore|rollback|replace|modify-db|failover)[\w-]*)(?= |$)/,
  runs: /^(lambda invoke[\w-]*|[\w-]+ (execute|run|send-command|start-session|invoke|start-execution|start-build|create-function|update-function-code)[\w-]*|ecs execute-command|emr add-steps|cloudformation (deploy|execute)[\w-]*)(?= |$)/,
  destroyingOptions: /^(--delete|--force|--recursive-delete|--force-[\w-]+|--skip-final-snapshot|--no-retain[\w-]*)$/,
  changingOptions: /^(--endpoint-url|--cli-input|--generate-cli|--outfile)/,
  otherwise: 'write',
};

const GCLOUD: Tool = {
  ...infrastructure,
  valued:
    /^(--project|--format|--filter|--limit|--account|--configuration|--region|--zone|--verbosity|--sort-by|--page-size|--impersonate-service-account|--location|-f)$/,
  flags: /^(-q|--quiet|--log-http|--uri|--version|--help)$/,
  reads:
    /^(info|version|((alpha|beta) )?([\w-]+ ){0,4}(list|describe|get-iam-policy|get-ancestors(-iam-policy)?|get-server-config|list-[\w-]+|get-value|read|search(-all-[\w-]+)?|get-health|get-status|get-config|lint|check-[\w-]+|recommend)|config (list|get)|auth list|logging read|topic)(?= |$)/,
  destroys:
    /^([\w-]+ ){0,5}(delete|remove[\w-]*|destroy|disable|stop|reset|revoke|abandon|purge|cancel|detach[\w-]*|clear[\w-]*|failover|rollback|set-iam-policy|delete-[\w-]+)(?= |$)/,
  runs: /^([\w-]+ ){0,4}(ssh|scp|execute|execute-sql|call|run|submit|deploy|start-iap-tunnel|interactive)(?= |$)/,
  destroyingOptions: /^(--force|--delete[\w-]*|--prune)$/,
  changingOptions: /^(--flags-file|--access-token-file|--api[\w-]*|--credential[\w-]*)/,
  otherwise: 'write',
};

const AZ: Tool = {
  ...infrastructure,
  valued: /^(-g|--resource-group|-n|--name|--subscription|-o|--output|--query|-l|--location|--ids)$/,
  flags: /^(--debug|--verbose|--only-show-errors|--help|-h)$/,
  reads:
    /^(version|([\w-]+ ){0,4}(list|show|list-[\w-]+|show-[\w-]+|get-[\w-]+|exists|check-[\w-]+|wait|what-if|query)|account (show|list)|graph query|find)(?= |$)/,
  destroys:
    /^([\w-]+ ){0,5}(delete|purge|remove|stop|deallocate|reset|revoke|disable|detach|clear|cancel|failover|redeploy|reimage|delete-[\w-]+|remove-[\w-]+|regenerate[\w-]*|renew[\w-]*)(?= |$)/,
  runs: /^([\w-]+ ){0,4}(run-command|invoke|invoke-action|exec|execute|ssh|rest|run|deploy|extension)(?= |$)/,
  destroyingOptions: /^(--force|--delete[\w-]*|--purge|--mode=complete|--yes|-y)$/i,
  otherwise: 'write',
};

const GH: Tool = {
  domain: 'version-control',
  valued: /^(-R|--repo|--hostname|-L|--limit|-s|--state|--json|-q|--jq|-t|--template)$/,
  flags: /^(--version|--help|--comments|-c|-w|--web)$/,
  reads:
    /^(status|search [\w-]+|pr (list|view|diff|status|checks)|issue (list|view|status)|repo (list|view)|run (list|view|watch)|release (list|view)|workflow (list|view)|auth status|gist (list|view)|label list|secret list|variable (list|get)|extension (list|search)|config (get|list)|alias list|cache list|project (list|view|item-list|field-list)|ruleset (list|view|check)|org list|codespace (list|view)|gpg-key list|ssh-key list|attestation verify|version|help)(?= |$)/,
  destroys:
    /^([\w-]+ (delete|delete-asset|remove|archive|transfer|delete-key)|pr close|repo (rename|edit|deploy-key delete)|auth (logout|token)|cache delete|run delete)(?= |$)/,
  runs: /^(extension|alias|codespace (ssh|cp|jupyter)|workflow run|copilot|models|agent-task)(?= |$)/,
  destroyingOptions: /^(--delete-branch|-d|--admin|--force|-f|--cleanup-tag|--yes)$/,
  versionControl:
    /^(pr (merge|update-branch|revert|checkout|create)|repo (sync|create|fork|clone|edit)|release (create|edit|upload)|api)(?= |$)/,
  otherwise: 'write',
};

/** `glab`, GitLab's counterpart, has the same shape. */
const GLAB: Tool = {
  ...GH,
  reads:
    /^((mr|issue|repo|release|label|variable|pipeline|ci|snippet|milestone) (list|ls|view|show|diff|status|get|search|trace)|auth status|version|help)(?= |$)/,
  versionControl: /^(mr (merge|rebase|create|checkout|accept)|repo (fork|clone|create)|release create|api)(?= |$)/,
};

const HELM: Tool = {
  ...infrastructure,
  valued: /^(-n|--namespace|--kube-context|-o|--output|--max|--version|-f|--values|--set|--set-string)$/,
  flags: /^(-A|--all-namespaces|--debug|-a|--all|--short|-q)$/,
  reads:
    /^(list|ls|status|get|history|hist|show|inspect|search|template|lint|version|env|verify|(dependency|dep) (list|ls)|repo (list|ls)|plugin (list|ls)|help)(?= |$)/,
  destroys: /^(uninstall|delete|del|un|rollback|repo (remove|rm)|registry logout)(?= |$)/,
  runs: /^plugin(?= |$)/,
  destroyingOptions: /^(--force|--reset-values|--recreate-pods|--cleanup-on-fail|--no-hooks)$/,
  changingOptions: /^(--post-renderer|--kubeconfig|--kube-apiserver|--output-dir|--kube-token)/,
  otherwise: 'write',
};

const GSUTIL: Tool = {
  ...infrastructure,
  valued: /^(-u|-o|-h)$/,
  flags: /^(-m|-q|-D)$/,
  reads:
    /^(ls|cat|stat|du|version|hash|help|(acl|cors|iam|lifecycle|logging|versioning|label|defacl|requesterpays|web|retention|ubla|pap) (get|list))(?= |$)/,
  destroys: /^(rm|rb|mv)(?= |$)/,
  destroyingOptions: /^-[a-zA-Z]*d[a-zA-Z]*$/,
  otherwise: 'write',
};

export const TOOLS: { readonly [name: string]: Tool } = {
  kubectl: KUBECTL,
  oc: KUBECTL,
  k: KUBECTL,
  helm: HELM,
  terraform: TERRAFORM,
  tofu: TERRAFORM,
  terragrunt: TERRAFORM,
  aws: AWS,
  gcloud: GCLOUD,
  gsutil: GSUTIL,
  az: AZ,
  docker: DOCKER,
  podman: DOCKER,
  nerdctl: DOCKER,
  'docker-compose': {
    ...DOCKER,
    reads: /^(ps|logs|config|images|top|version|ls|port|events)(?= |$)/,
    destroys: /^(down|rm|kill)(?= |$)/,
    runs: /^(up|run|exec|build)(?= |$)/,
  },
  gh: GH,
  glab: GLAB,
};

export const QUIET_FLAGS = NO_FLAGS;
