import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** What WebRTC's NetEQ makes of a trace. */
export interface NetEqFigures {
  /** ms from sending (number times 20 ms) to playout, the trace's way included. */
  readonly delay: number;
  /** Per cent of the sound. */
  readonly concealed: number;
  readonly stretched: number;
  /** Of 150 ms and more. */
  readonly interruptions: number;
  /** µs per 10 ms, decoding of G.711 included. */
  readonly cpu: number;
}

/** argv: A-law speech, traces. Pulled every 10 ms; one line a trace: delay, concealed, stretched, interruptions, CPU. */
const SOURCE = `
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <vector>
#include "api/audio/audio_frame.h"
#include "api/audio_codecs/audio_decoder_factory_template.h"
#include "api/audio_codecs/g711/audio_decoder_g711.h"
#include "api/neteq/neteq.h"
#include "modules/audio_coding/neteq/default_neteq_factory.h"
#include "rtc_base/logging.h"
#include "system_wrappers/include/clock.h"
using namespace webrtc;
struct Packet { long number; double arrival; };
static double cpu() { timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }
int main(int argc, char **argv) {
  rtc::LogMessage::LogToDebug(rtc::LS_NONE);
  std::vector<uint8_t> voice;
  FILE *file = fopen(argv[1], "rb"); for (int c; (c = fgetc(file)) != EOF;) voice.push_back(c); fclose(file);
  for (int a = 2; a < argc; a++) {
    std::vector<Packet> packets; long n; double t;
    file = fopen(argv[a], "r"); while (fscanf(file, "%ld %lf", &n, &t) == 2) packets.push_back({n, t}); fclose(file);
    SimulatedClock clock((int64_t)0); NetEq::Config config; config.sample_rate_hz = 8000;
    auto neteq = DefaultNetEqFactory().CreateNetEq(config, CreateAudioDecoderFactory<AudioDecoderG711>(), &clock);
    neteq->RegisterPayloadType(8, SdpAudioFormat("PCMA", 8000, 1));
    AudioFrame frame; bool muted; uint8_t payload[160]; size_t next = 0;
    double busy = 0, sum = 0, at = 0; long pulls = 0, counted = 0;
    auto move = [&](double to) { clock.AdvanceTimeMicroseconds((int64_t)((to - at) * 1000)); at = to; };
    for (double now = 0; now <= packets.back().arrival; now += 10) {
      const double begun = cpu();
      for (; next < packets.size() && packets[next].arrival <= now; next++) {
        const Packet &p = packets[next]; move(p.arrival);
        for (int i = 0; i < 160; i++) payload[i] = voice[(p.number * 160 + i) % voice.size()];
        RTPHeader header; header.payloadType = 8; header.sequenceNumber = p.number & 0xffff; header.timestamp = p.number * 160; header.ssrc = 1;
        neteq->InsertPacket(header, rtc::ArrayView<const uint8_t>(payload, 160));
      }
      move(now);
      neteq->GetAudio(&frame, &muted); busy += cpu() - begun; pulls++;
      const auto played = neteq->GetPlayoutTimestamp();
      if (next > 0 && played) { sum += now + 10 - *played / 8.0; counted++; }
    }
    const auto s = neteq->GetLifetimeStatistics(); const double all = s.total_samples_received / 100.0;
    printf("%f %f %f %d %f\\n", sum / counted, s.concealed_samples / all,
      (s.removed_samples_for_acceleration + s.inserted_samples_for_deceleration) / all, s.interruption_count, busy / pulls);
  }
}`;

const FLAGS = [
  '-O2',
  '-w',
  '-std=c++20',
  '-ffunction-sections',
  '-Wl,--gc-sections',
  '-DWEBRTC_POSIX',
  '-DWEBRTC_LINUX',
];
const ABSEIL = ['strings', 'throw_delegate', 'bad_optional_access', 'raw_logging_internal'];

/**
 * Plays traces through the NetEQ of Debian's libtgowt-dev.
 * @param speech A-law, 8 kHz @param traces files @returns null where it does not compile
 */
export function playThroughNetEq(folder: string, speech: string, traces: readonly string[]): NetEqFigures[] | null {
  const [source, program] = [path.join(folder, 'neteq.cc'), path.join(folder, 'neteq')];
  try {
    writeFileSync(source, SOURCE);
    const libraries = ['-ltg_owt', ...ABSEIL.map((name) => `-labsl_${name}`), '-lpthread'];
    execFileSync('g++', [...FLAGS, '-I/usr/include/tg_owt', '-o', program, source, ...libraries], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return execFileSync(program, [speech, ...traces], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [delay = NaN, concealed = NaN, stretched = NaN, interruptions = NaN, cpu = NaN] = line
        .split(' ')
        .map(Number);
      return { delay, concealed, stretched, interruptions, cpu };
    });
}
