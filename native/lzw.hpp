// GIF's variable-width LZW, both ways.
//
// The decoder keeps no strings: every code is a stretch of the output written so
// far, because the string of a new code is the previous string plus the pixel
// that follows it in the picture. So a code costs one table entry and one copy.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace steadyhue::lzw {

constexpr unsigned kMaxCodes = 4096;  // codes have at most 12 bits
// The decoder's output starts with the 256 literals and ends with room for
// copies that run over, so that no copy needs a special case.
constexpr std::size_t kLiterals = 256;
constexpr std::size_t kChunk = 16;

enum class Ending { complete, truncated, corrupt };

struct Decoded {
  std::size_t pixels;  // decoded before the end, at most what was asked for
  Ending ending;
};

inline std::uint64_t load_little_endian(const std::uint8_t* p) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value |= std::uint64_t(p[i]) << (8 * i);
  return value;
}

// Reads codes, least significant bit first.
class BitReader {
 public:
  BitReader(const std::uint8_t* data, std::size_t size) : next_(data), end_(data + size) {}

  // False when the data ends before `width` more bits.
  bool refill(unsigned width) {
    if (bits_ >= width) return true;
    if (end_ - next_ >= 8) {
      buffer_ |= load_little_endian(next_) << bits_;
      next_ += (63 - bits_) >> 3;
      bits_ |= 56;
      return true;
    }
    while (bits_ < width && next_ < end_) {
      buffer_ |= std::uint64_t(*next_++) << bits_;
      bits_ += 8;
    }
    return bits_ >= width;
  }

  unsigned take(unsigned width) {
    const unsigned code = unsigned(buffer_) & ((1u << width) - 1);
    buffer_ >>= width;
    bits_ -= width;
    return code;
  }

 private:
  const std::uint8_t* next_;
  const std::uint8_t* end_;
  std::uint64_t buffer_ = 0;
  unsigned bits_ = 0;
};

// Decode up to `n_pixels` to `area + kLiterals`; `area` has room for
// kLiterals + n_pixels + kChunk bytes, fewer than 2^32.
inline Decoded decode(const std::uint8_t* codes, std::size_t n_bytes, int literal_width,
                      std::uint8_t* area, std::size_t n_pixels) {
  struct Stretch {
    std::uint32_t start, length;
  };
  const unsigned clear = 1u << literal_width, end_of_data = clear + 1;
  Stretch table[kMaxCodes];
  for (unsigned i = 0; i < clear; ++i) {
    area[i] = std::uint8_t(i);
    table[i] = {i, 1};
  }
  BitReader reader(codes, n_bytes);
  const std::size_t end = kLiterals + n_pixels;
  std::size_t position = kLiterals;
  unsigned width = unsigned(literal_width) + 1;
  unsigned known = clear + 2;  // codes below it have a string
  auto done = [&](Ending ending) { return Decoded{position - kLiterals, ending}; };

  while (position < end) {
    if (!reader.refill(width)) return done(Ending::truncated);
    const unsigned code = reader.take(width);
    if (code - clear < 2) {
      if (code == end_of_data) return done(Ending::truncated);
      width = unsigned(literal_width) + 1;
      known = clear + 2;
      continue;
    }
    if (code >= known) return done(Ending::corrupt);
    const Stretch s = table[code];
    const std::size_t length = std::min<std::size_t>(s.length, end - position);
    for (std::size_t i = 0; i < length; i += kChunk)
      std::memcpy(area + position + i, area + s.start + i, kChunk);
    // The newest code's last pixel is the first one that was just written.
    area[position + length - 1] = area[s.start + length - 1];
    if (known < kMaxCodes) {
      table[known] = {std::uint32_t(position), s.length + 1};
      if (known++ >> width) ++width;
    }
    position += length;
  }
  return done(Ending::complete);
}

// Where a chain of sub-blocks ends, and how many bytes it holds.
struct Chain {
  std::size_t end;    // behind the empty block that closes the chain
  std::size_t bytes;  // of all blocks together
  bool closed;        // false: the data ends before the chain does
};

inline Chain follow_chain(const std::uint8_t* data, std::size_t size, std::size_t start) {
  Chain chain{start, 0, false};
  while (chain.end < size) {
    const std::size_t length = data[chain.end];
    const std::size_t there = std::min(length, size - chain.end - 1);
    chain.end += 1 + there;
    chain.bytes += there;
    if (length == 0) chain.closed = true;
    if (there < length || length == 0) break;
  }
  return chain;
}

// Copy the contents of the chain's blocks to `out`, which has room for them.
inline void join_chain(const std::uint8_t* data, std::size_t size, std::size_t start,
                       std::uint8_t* out) {
  while (start < size && data[start] != 0) {
    const std::size_t length = std::min<std::size_t>(data[start], size - start - 1);
    std::memcpy(out, data + start + 1, length);
    out += length;
    start += 1 + length;
  }
}

// Writes codes into sub-blocks of at most 255 bytes, each after its length.
class BlockWriter {
 public:
  explicit BlockWriter(std::vector<std::uint8_t>& out) : out_(out) { open(); }

  void put(unsigned code, unsigned width) {
    buffer_ |= std::uint64_t(code) << bits_;
    bits_ += width;
    while (bits_ >= 8) put_byte();
  }

  void finish() {
    while (bits_ > 0) put_byte();
    const std::size_t length = out_.size() - start_ - 1;
    out_[start_] = std::uint8_t(length);
    if (length > 0) out_.push_back(0);
  }

 private:
  void open() {
    start_ = out_.size();
    out_.push_back(0);
  }

  void put_byte() {
    out_.push_back(std::uint8_t(buffer_));
    buffer_ >>= 8;
    bits_ = bits_ > 8 ? bits_ - 8 : 0;
    if (out_.size() - start_ == 256) {
      out_[start_] = 255;
      open();
    }
  }

  std::vector<std::uint8_t>& out_;
  std::size_t start_ = 0;
  std::uint64_t buffer_ = 0;
  unsigned bits_ = 0;
};

// The strings known so far: (code, next pixel) -> code, an open hash table.
class Dictionary {
 public:
  Dictionary() : slots_(kSlots, kEmpty) {}

  void clear() { std::fill(slots_.begin(), slots_.end(), kEmpty); }

  // The slot where the string is or belongs.
  std::uint32_t* find(unsigned prefix, unsigned symbol) {
    const std::uint32_t key = (prefix << 8) | symbol;
    std::uint32_t i = (key * 0x9E3779B1u) >> (32 - kSlotBits);
    while (slots_[i] != kEmpty && slots_[i] >> 12 != key) i = (i + 1) % kSlots;
    return &slots_[i];
  }

  static bool holds(const std::uint32_t* slot) { return *slot != kEmpty; }
  static unsigned code(const std::uint32_t* slot) { return *slot & 0xFFF; }
  static void set(std::uint32_t* slot, unsigned prefix, unsigned symbol, unsigned code) {
    *slot = (((prefix << 8) | symbol) << 12) | code;
  }

 private:
  static constexpr unsigned kSlotBits = 14, kSlots = 1u << kSlotBits;
  static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;
  std::vector<std::uint32_t> slots_;
};

// Image data as a GIF holds it: the literal width, sub-blocks and the end mark.
inline std::vector<std::uint8_t> encode(const std::uint8_t* pixels, std::size_t n,
                                        int literal_width) {
  std::vector<std::uint8_t> out;
  out.reserve(n / 4 + 64);
  out.push_back(std::uint8_t(literal_width));
  BlockWriter writer(out);
  Dictionary strings;
  const unsigned clear = 1u << literal_width, first_width = unsigned(literal_width) + 1;
  unsigned next = clear + 2, width = first_width;
  writer.put(clear, width);
  unsigned prefix = pixels[0];
  for (std::size_t i = 1; i < n; ++i) {
    std::uint32_t* slot = strings.find(prefix, pixels[i]);
    if (Dictionary::holds(slot)) {
      prefix = Dictionary::code(slot);
      continue;
    }
    writer.put(prefix, width);
    if (next < kMaxCodes) {
      Dictionary::set(slot, prefix, pixels[i], next);
      if (next++ >> width) ++width;
    } else {
      writer.put(clear, width);
      strings.clear();
      next = clear + 2;
      width = first_width;
    }
    prefix = pixels[i];
  }
  writer.put(prefix, width);
  // The decoder has added one more string by now, and may have widened.
  if (next < kMaxCodes && next >> width) ++width;
  writer.put(clear + 1, width);
  writer.finish();
  return out;
}

}  // namespace steadyhue::lzw
