// Answers nothing, and dies.
setTimeout(() => {
  throw new Error('dead');
}, 200);
