#!/bin/sh
# fake-xfrm.sh DIRECTORY   takes one line of `ip -batch -`, and keeps the states and policies as files in DIRECTORY:
# what a kernel with IPsec would hold, on a machine that has none. Complains in iproute2's words.
read -r _ what verb rest
entry=$1/$(printf '%s' "$what $rest" | sed 's/ reqid .*//; s/ priority .*//' | cksum | tr ' ' -)
if [ "$verb" = add ]; then
  [ ! -e "$entry" ] || { echo 'RTNETLINK answers: File exists' >&2; exit 2; }
  : > "$entry"
else
  rm "$entry" 2> /dev/null || { echo 'RTNETLINK answers: No such process' >&2; exit 2; }
fi
