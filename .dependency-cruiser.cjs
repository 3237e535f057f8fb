/**
 * Imports point down only: components > client > workers > media > ims > net > platform.
 * `src/workers` and `src/client` meet at the protocol files between threads.
 */
const layers = [
  ['platform', '^src/platform/', '^src/(net|ims|media|workers|client|components)/|^(companion|demo|tools)/'],
  ['net', '^src/net/', '^src/(ims|media|workers|client|components)/|^companion/(?!protocol/)|^(demo|tools)/'],
  [
    'companion-protocol',
    '^companion/protocol/',
    '^src/(ims|media|workers|client|components)/|^companion/(?!protocol/)|^(demo|tools)/',
  ],
  ['ims', '^src/ims/', '^src/(media|workers|client|components)/|^(companion|demo|tools)/'],
  ['media', '^src/media/', '^src/(workers|client|components)/|^(companion|demo|tools)/'],
  ['workers', '^src/workers/', '^src/(client|components)/|^companion/(?!protocol/)|^(demo|tools)/'],
  ['client', '^src/client/', '^src/components/|^(demo|tools)/|^companion/(?!protocol/)'],
  ['components', '^src/components/', '^(demo|tools)/|^companion/|^src/(workers|media|net)/'],
  ['companion', '^companion/', '^src/(ims|media|workers|client|components)/|^(demo|tools)/'],
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layers.map(([name, from, to]) => ({
      name: `${name}-imports-down-only`,
      comment: 'A lower layer must not know a higher one: move the shared piece down, or pass it in.',
      severity: 'error',
      from: { path: from },
      to: { path: to },
    })),
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one concept, or miss a third.',
      severity: 'error',
      from: { path: '^(src|companion|demo|tools)/' },
      to: { circular: true },
    },
    {
      name: 'jssip-in-one-file',
      comment: 'jssip is reached through src/ims/sip/jssip.ts alone, so that its private parts have one contract test.',
      severity: 'error',
      from: { path: '^(src|companion|demo|tools)/', pathNot: '^src/ims/sip/jssip\\.ts$' },
      to: { path: 'node_modules/jssip' },
    },
    {
      name: 'ims-is-pure',
      comment: 'The protocol stack takes its clock, sockets and random from the host.',
      severity: 'error',
      from: { path: '^src/ims/' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] },
  },
};
