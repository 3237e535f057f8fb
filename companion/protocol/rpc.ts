import type { NetworkErrorReason } from '../../src/net/network.js';
import { reason as isReason } from './calls.js';

/** JSON-RPC 2.0 messages, one per text frame; no batches. */
export type RpcMessage =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly reason: NetworkErrorReason; readonly message: string };

/** JSON-RPC 2.0 §5.1, and -32000 for a NetworkError (its reason in `data.reason`). */
export const RpcCode = { parse: -32700, request: -32600, method: -32601, params: -32602, network: -32000 } as const;

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** @returns null if the text is no message of this protocol */
export function parseRpc(text: string): RpcMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (member(value, 'jsonrpc') !== '2.0') return null;
  const id = member(value, 'id');
  const method = member(value, 'method');
  if (typeof method === 'string') {
    const params = member(value, 'params') ?? {};
    if (id === undefined) return { kind: 'notification', method, params };
    return isId(id) ? { kind: 'request', id, method, params } : null;
  }
  if (!isId(id)) return null;
  const error = member(value, 'error');
  if (error === undefined) return { kind: 'result', id, result: member(value, 'result') };
  const reason = member(member(error, 'data'), 'reason');
  const message = member(error, 'message');
  return {
    kind: 'error',
    id,
    reason: isReason(reason) ? reason : 'internal',
    message: typeof message === 'string' ? message.slice(0, 4096) : 'The companion gave no reason',
  };
}

function isId(id: unknown): id is number {
  return Number.isSafeInteger(id);
}

export function printRequest(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

export function printNotification(method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params });
}

export function printResult(id: number, result: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

export function printError(id: number, code: number, message: string, reason: NetworkErrorReason): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data: { reason } } });
}
