/** Which upstream a request that is no tool call belongs to, and how the upstream itself would be asked. */
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import { endpointServers } from './endpoint-servers.ts';
import type { InboundRequest, PipelinePorts } from './ports.ts';

export type Route = { readonly serverId: string; readonly params: JsonObject };

/** A resource belongs to the one server that lists it or has a template for it; where several do, it is refused. */
export function serverOfResource(inbound: InboundRequest, ports: PipelinePorts): Route | undefined {
  const uri = inbound.params['uri'];
  return typeof uri === 'string' ? routeOfUri(inbound, uri, ports) : undefined;
}

export function serverOfPrompt(inbound: InboundRequest, { catalogue }: PipelinePorts): Route | undefined {
  const exposed = inbound.params['name'];
  if (typeof exposed !== 'string') return undefined;
  return routeOfPrompt(inbound, exposed, { catalogue }, (name) => ({ ...inbound.params, name }));
}

export function serverOfReference(inbound: InboundRequest, ports: PipelinePorts): Route | undefined {
  const reference = inbound.params['ref'];
  if (!isJsonObject(reference)) return undefined;
  if (reference['type'] === 'ref/prompt' && typeof reference['name'] === 'string') {
    return routeOfPrompt(inbound, reference['name'], ports, (name) => ({
      ...inbound.params,
      ref: { ...reference, name },
    }));
  }
  return typeof reference['uri'] === 'string' ? routeOfUri(inbound, reference['uri'], ports) : undefined;
}

function routeOfPrompt(
  inbound: InboundRequest,
  exposed: string,
  { catalogue }: Pick<PipelinePorts, 'catalogue'>,
  paramsFor: (name: string) => JsonObject,
): Route | undefined {
  for (const serverId of endpointServers(inbound.endpoint, catalogue)) {
    for (const prompt of catalogue.listed(serverId).prompts) {
      const name = String(prompt['name']);
      if (catalogue.exposedName(inbound.endpoint, serverId, name) === exposed)
        return { serverId, params: paramsFor(name) };
    }
  }
  return undefined;
}

function routeOfUri(inbound: InboundRequest, uri: string, { catalogue }: PipelinePorts): Route | undefined {
  const servers = endpointServers(inbound.endpoint, catalogue);
  if (inbound.endpoint.kind === 'server') {
    return servers[0] === undefined ? undefined : { serverId: servers[0], params: inbound.params };
  }
  const found = servers.filter((serverId) => {
    const { resources, resourceTemplates } = catalogue.listed(serverId);
    return resources.some((resource) => resource['uri'] === uri) || hasTemplateFor(uri, resourceTemplates);
  });
  // SECURITY(MC-07): two servers that claim one address, however: nobody can tell whose answer it would be.
  return found.length === 1 && found[0] !== undefined ? { serverId: found[0], params: inbound.params } : undefined;
}

/** By the literal beginning of the template (RFC 6570), which has to be more than a scheme. */
function hasTemplateFor(uri: string, templates: readonly JsonObject[]): boolean {
  return templates.some((template) => {
    const text = template['uriTemplate'];
    if (typeof text !== 'string') return false;
    if (text === uri) return true;
    const literal = text.slice(0, Math.max(0, text.indexOf('{')));
    return literal.length > literal.indexOf('://') + 3 && uri.startsWith(literal);
  });
}
