/** Innovation of a subframe of forty samples from its codebook indices. */
import { get, put } from '../../dsp/floats';
import { read } from './bits';
import { shapeBits, shapeLength, shapes, shapeSign } from './submodes';

/** Adds `scale` times the vectors read to the excitation. */
export function readInnovation(out: usize, scale: f32): void {
  for (let at = 0; at < 40; at += shapeLength) {
    const negative = shapeSign && read(1) != 0;
    const vector = shapes + ((read(shapeBits) * shapeLength) as usize);
    const factor = (negative ? (-0.03125 as f32) : (0.03125 as f32)) * scale;
    for (let j = 0; j < shapeLength; j++) {
      put(out, at + j, get(out, at + j) + factor * (load<i8>(vector + (j as usize)) as f32));
    }
  }
}
