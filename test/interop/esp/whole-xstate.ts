import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * User-mode Linux hands the registers of its processes back by ptrace(PTRACE_SETREGSET, NT_X86_XSTATE), as many octets as it
 * knew of when it was written. Linux takes nothing but the whole area, which AMX has made longer, and says EFAULT: the guest
 * does not boot. Preloaded, this adds zeros; the header, which is handed back, says that those parts are in their initial state.
 */
const SOURCE = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

static long (*next)(int, ...);
static char whole[65536] __attribute__((aligned(64)));
static size_t size;

__attribute__((constructor)) static void find(void) { next = (long (*)(int, ...))dlsym(RTLD_NEXT, "ptrace"); }

long ptrace(enum __ptrace_request request, ...) {
  va_list rest;
  va_start(rest, request);
  pid_t pid = va_arg(rest, pid_t);
  void *address = va_arg(rest, void *), *data = va_arg(rest, void *);
  va_end(rest);
  const struct iovec *part = data;
  if (request != PTRACE_SETREGSET || address != (void *)NT_X86_XSTATE || part->iov_len >= sizeof whole)
    return next(request, pid, address, data);
  if (size == 0) {
    struct iovec all = {whole, sizeof whole};
    if (next(PTRACE_GETREGSET, pid, address, &all) == -1) return -1;
    size = all.iov_len;
    memset(whole, 0, sizeof whole);
  }
  memcpy(whole, part->iov_base, part->iov_len < size ? part->iov_len : size);
  struct iovec all = {whole, size};
  return next(request, pid, address, &all);
}
`;

/** Whether the kernel of espvm.sh needs the library here. */
export function needsWholeXstate(): boolean {
  return readFileSync('/proc/cpuinfo', 'latin1').includes(' amx_');
}

/** @param library where to build it @throws Error without a C compiler */
export function buildWholeXstate(library: string): void {
  mkdirSync(dirname(library), { recursive: true });
  const options = ['-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-x', 'c', '-o', library, '-'];
  execFileSync('cc', options, { input: SOURCE, stdio: ['pipe', 'ignore', 'inherit'] });
}
