// What compilers do differently: instruction sets, inlining, counting bits.
#pragma once

#include <cstdint>

// A function marked so is compiled for several instruction sets and the best one
// is chosen when the module loads. Kernels inline everything they call, since a
// call would leave the set; products and sums are never fused, so all agree. It is
// static, and not every file that includes it uses it.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define STEADYHUE_CLONES \
  [[maybe_unused]] __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define STEADYHUE_CLONES [[maybe_unused]]
#endif
#if defined(__GNUC__) || defined(__clang__)
#define STEADYHUE_INLINE __attribute__((always_inline)) inline
#else
#define STEADYHUE_INLINE inline
#endif

namespace steadyhue {

// How many bits of a word are set.
STEADYHUE_INLINE unsigned count_ones(std::uint64_t word) {
#if defined(__GNUC__) || defined(__clang__)
  return unsigned(__builtin_popcountll(word));
#else
  word -= word >> 1 & 0x5555555555555555u;  // in pairs of bits, then in fours, then in bytes
  word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return unsigned(word * 0x0101010101010101u >> 56);
#endif
}

// The place of the lowest bit that is set; there must be one.
STEADYHUE_INLINE unsigned lowest_one(std::uint64_t word) {
#if defined(__GNUC__) || defined(__clang__)
  return unsigned(__builtin_ctzll(word));
#else
  return count_ones(~word & (word - 1));
#endif
}

}  // namespace steadyhue
