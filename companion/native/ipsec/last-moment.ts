/** What must be undone when the process ends, however soon that is. */
interface Undoing {
  closeNow(): void;
}

const watched = new Set<Undoing>();

/** One listener for the end of the process, whatever the number of networks. */
export const LastMoment = {
  watch(what: Undoing): void {
    if (watched.size === 0) process.once('exit', undo);
    watched.add(what);
  },

  forget(what: Undoing): void {
    watched.delete(what);
    if (watched.size === 0) process.off('exit', undo);
  },
};

function undo(): void {
  for (const what of watched) what.closeNow();
}
