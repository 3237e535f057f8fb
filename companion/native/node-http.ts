import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { NetworkError, type HttpRequest, type HttpResponse } from '../../src/net/network.js';
import { networkErrorFrom } from './network-error-from.js';
import { tlsSettings } from './tls-settings.js';

const DEFAULT_MAX_BODY = 16 * 1048576;
const DEFAULT_TIMEOUT = 30000;

/** Says whether a TCP connection to this address literal and port may be made. */
export type Permit = (address: string, port: number) => boolean;

/**
 * One HTTP or HTTPS exchange; redirects are not followed (the stack decides, and an allow-list
 * would be walked around).
 * @param permit asked after the name was resolved, with the very address that is connected to
 */
export function nodeHttp(request: HttpRequest, permit: Permit, signal: AbortSignal): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let url: URL;
    try {
      url = new URL(request.url);
    } catch (error) {
      return reject(new NetworkError('unsupported', `Not a URL: ${request.url}`, error));
    }
    const secure = url.protocol === 'https:';
    if (!secure && url.protocol !== 'http:') {
      return reject(new NetworkError('unsupported', `Not an HTTP URL: ${url.protocol}`));
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port) || (secure ? 443 : 80);
    const forbidden = (address: string): NetworkError =>
      new NetworkError('denied', `${address} port ${port} is not allowed`);
    if (isIP(host) && !permit(host, port)) return reject(forbidden(host));

    const timeout = AbortSignal.timeout(request.timeout ?? DEFAULT_TIMEOUT);
    const fail = (error: unknown): void => {
      if (timeout.aborted) reject(new NetworkError('timeout', `No answer from ${url.host}`));
      else if (signal.aborted) reject(new NetworkError('closed', 'The network is closed'));
      else reject(networkErrorFrom(error));
    };
    try {
      const outgoing = (secure ? tlsRequest : plainRequest)(
        url,
        {
          method: request.method,
          headers: { ...request.headers, ...(request.body ? { 'content-length': request.body.length } : {}) },
          signal: AbortSignal.any([signal, timeout]),
          agent: false,
          ...(secure ? tlsSettings(request.tls ?? {}, host) : {}),
          lookup: (name, options, callback) => {
            lookup(name, { ...options, all: true }, (error, found) => {
              if (error) return callback(error, []);
              const allowed = found.filter(({ address }) => permit(address, port));
              if (allowed.length === 0) callback(forbidden(name), []);
              else if (options.all) callback(null, allowed);
              else callback(null, allowed[0]?.address ?? '', allowed[0]?.family ?? 4);
            });
          },
        },
        (response) => {
          readBody(response, request.maxBody ?? DEFAULT_MAX_BODY).then(resolve, fail);
        },
      );
      outgoing.on('error', fail);
      outgoing.end(request.body);
    } catch (error) {
      fail(error);
    }
  });
}

async function readBody(response: IncomingMessage, maxBody: number): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Buffer)) continue;
    length += chunk.length;
    if (length > maxBody) {
      response.destroy();
      throw new NetworkError('too-large', `The body has more than ${maxBody} octets`);
    }
    chunks.push(chunk);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined && name !== 'set-cookie') headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: response.statusCode ?? 0, headers, body: new Uint8Array(Buffer.concat(chunks)) };
}
