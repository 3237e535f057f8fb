/*
 * ims-xfrm-helper: adds and deletes xfrm states and policies for the companion, and does nothing else.
 *
 *   cc -O2 -Wall -Wextra -o ims-xfrm-helper ims-xfrm-helper.c
 *   chown root:ims ims-xfrm-helper; chmod 0750 ims-xfrm-helper; setcap cap_net_admin+ep ims-xfrm-helper
 *
 * Reads one line from standard input, `xfrm state|policy add|delete ...` of words that such a line is made of, raises
 * CAP_NET_ADMIN as an ambient capability (a file capability on ip itself is dropped by ip) and hands the line to ip.
 * Flushes, other objects, options, a second line and anything unknown are refused: exit status 64.
 */
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_LINE 1024
#define MAX_WORDS 64
#define REFUSED 64

static const char *const WORDS[] = {"src", "dst", "proto", "spi", "reqid", "mode", "replay-window", "auth-trunc", "enc", "sel", "sport", "dport", "dir",
                                    "in", "out", "priority", "tmpl", "esp", "ah", "transport", "tunnel", "hmac(sha1)", "hmac(md5)", "cbc(aes)",
                                    "cbc(des3_ede)", "ecb(cipher_null)", "\"\"", NULL};

static int is_word(const char *word) {
  for (int i = 0; WORDS[i]; i++)
    if (!strcmp(word, WORDS[i])) return 1;
  return 0;
}

/* Numbers, addresses with prefixes, keys: no letters but those of hexadecimal digits and the x of 0x. */
static int is_value(const char *word) {
  size_t length = strlen(word);
  return length > 0 && strspn(word, "0123456789abcdefABCDEF.:/x") == length && word[0] != '-' && word[0] != 'x';
}

static int refuse(const char *why) {
  fprintf(stderr, "ims-xfrm-helper: %s\n", why);
  return REFUSED;
}

static int raise_ambient(void) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &head, data)) return -1;
  data[0].inheritable |= 1u << CAP_NET_ADMIN;
  if (syscall(SYS_capset, &head, data)) return -1;
  return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0);
}

int main(int argc, char **argv) {
  char line[MAX_LINE], copy[MAX_LINE], *words[MAX_WORDS];
  int count = 0, ends[2];
  (void)argv;
  if (argc != 1) return refuse("takes no arguments");
  size_t length = 0;
  for (ssize_t got; length < sizeof line - 1 && (got = read(0, line + length, sizeof line - 1 - length)) > 0;) length += (size_t)got;
  line[length] = 0;
  if (length == 0 || strlen(line) != length || line[length - 1] != '\n' || strchr(line, '\n') != line + length - 1) return refuse("takes one line");
  memcpy(copy, line, length + 1);
  copy[length - 1] = 0;
  for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
    if (count == MAX_WORDS) return refuse("too many words");
    words[count++] = word;
  }
  if (count < 5 || strcmp(words[0], "xfrm")) return refuse("only xfrm");
  if (strcmp(words[1], "state") && strcmp(words[1], "policy")) return refuse("only states and policies");
  if (strcmp(words[2], "add") && strcmp(words[2], "delete")) return refuse("only add and delete");
  for (int i = 3; i < count; i++)
    if (!is_word(words[i]) && !is_value(words[i])) return refuse("unknown word");
  if (raise_ambient()) return refuse("CAP_NET_ADMIN: operation not permitted");
  if (pipe(ends)) return refuse("no pipe");
  /* A line is shorter than a pipe: this does not wait. */
  if (write(ends[1], line, length) != (ssize_t)length || dup2(ends[0], 0) < 0) return refuse("no pipe");
  close(ends[0]);
  close(ends[1]);
  char *const arguments[] = {"ip", "-batch", "-", NULL};
  char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
  const char *const places[] = {"/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip"};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) execve(places[i], arguments, environment);
  return refuse("no such program: ip (iproute2)");
}
