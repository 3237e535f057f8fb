/** What `action` throws becomes a rejection. */
export function attempt(action: () => void): Promise<void> {
  return new Promise((resolve) => {
    action();
    resolve();
  });
}
