import { type AiClient, bearer, movable, program } from '../ai-client.ts';

/** Continue ends every call after 60 s, and has no setting for it; the bridge answers before that. */
export const continueDev: AiClient = {
  id: 'continue',
  title: 'Continue',
  notation: 'yaml',
  container: 'mcpServers',
  userFiles: (surroundings) => [movable(surroundings, 'CONTINUE_GLOBAL_DIR', ['.continue'], ['config.yaml'])],
  // required by its schema v1
  beginning: 'name: Local config\nversion: 1.0.0\nschema: v1\n',
  stdioEntry: (shim, name) => ({ name, type: 'stdio', ...program(shim) }),
  httpEntry: (address, name) => ({
    name,
    type: 'streamable-http',
    url: address.url,
    requestOptions: { headers: bearer(address) },
  }),
};
