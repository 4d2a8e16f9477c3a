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
#include <utility>
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
      std::memmove(area + position + i, area + s.start + i, kChunk);
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

// Collects codes, least significant bit first.
class BitWriter {
 public:
  void put(unsigned code, unsigned width) {
    buffer_ |= std::uint64_t(code) << bits_;
    bits_ += width;
    for (; bits_ >= 32; bits_ -= 32, buffer_ >>= 32)
      for (unsigned shift = 0; shift < 32; shift += 8)
        bytes_.push_back(std::uint8_t(buffer_ >> shift));
  }

  // All that was put, the last byte filled up with zeros.
  std::vector<std::uint8_t> finish() {
    for (; bits_ > 0; bits_ = bits_ > 8 ? bits_ - 8 : 0, buffer_ >>= 8)
      bytes_.push_back(std::uint8_t(buffer_));
    return std::move(bytes_);
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::uint64_t buffer_ = 0;
  unsigned bits_ = 0;
};

// The strings known so far, as a tree: the code of a string and one more pixel.
class Tree {
 public:
  explicit Tree(int literal_width) : width_(literal_width) {
    thread_local std::vector<std::uint16_t> children;  // 2 MB at most, kept from frame to frame
    if (children.size() < std::size_t(kMaxCodes) << width_)
      children.resize(std::size_t(kMaxCodes) << width_);
    children_ = children.data();
    clear();
  }

  void clear() {
    std::fill_n(children_, std::size_t(1) << 2 * width_, kNone);
    ++cleared_;
  }

  // How often it was.
  unsigned cleared() const { return cleared_; }

  unsigned child(unsigned code, unsigned pixel) const {
    return children_[std::size_t(code) << width_ | pixel];
  }

  void add(unsigned code, unsigned pixel, unsigned child) {
    children_[std::size_t(code) << width_ | pixel] = std::uint16_t(child);
    std::fill_n(children_ + (std::size_t(child) << width_), std::size_t(1) << width_, kNone);
  }

  void remove(unsigned code, unsigned pixel) {
    children_[std::size_t(code) << width_ | pixel] = kNone;
  }

  static constexpr std::uint16_t kNone = 0;  // no string of two pixels has code 0

 private:
  int width_;
  unsigned cleared_ = 0;
  std::uint16_t* children_;
};

// A stretch of the picture that has a code.
struct Phrase {
  unsigned code;
  std::size_t end;
};

// The longest known string that the pixels from `start` on spell.
inline Phrase longest(const Tree& tree, const std::uint8_t* pixels, std::size_t start,
                      std::size_t n) {
  Phrase phrase{pixels[start], start + 1};
  for (; phrase.end < n; ++phrase.end) {
    const unsigned child = tree.child(phrase.code, pixels[phrase.end]);
    if (child == Tree::kNone) break;
    phrase.code = child;
  }
  return phrase;
}

// The same going on from a known phrase, where a pixel marked 1 may as well be `wildcard` and one
// marked 2 must: follow a few spellings side by side.
inline Phrase longest(const Tree& tree, const std::uint8_t* pixels, const std::uint8_t* marks,
                      std::uint8_t wildcard, Phrase from, std::size_t n) {
  constexpr int kSpellings = 6;  // four give files 0.3 % larger
  unsigned codes[kSpellings] = {from.code}, longer[kSpellings] = {};
  int n_codes = 1;
  std::size_t end = from.end;
  for (; end < n; ++end) {
    int n_longer = 0;
    auto follow = [&](std::uint8_t pixel) {
      for (int i = 0; i < n_codes && n_longer < kSpellings; ++i) {
        const unsigned child = tree.child(codes[i], pixel);
        longer[n_longer] = child;
        n_longer += child != Tree::kNone;
      }
    };
    if (marks[end]) follow(wildcard);
    if (marks[end] == 0 || (marks[end] == 1 && pixels[end] != wildcard)) follow(pixels[end]);
    if (n_longer == 0) break;
    n_codes = n_longer;
    std::copy_n(longer, kSpellings, codes);
  }
  return {codes[0], end};
}

// The codes of n >= 1 pixels. `next_phrase(start, learn)` finds the phrase at `start`;
// before that it calls `learn` with the pixel it begins with, for that pixel
// completes the string that the decoder learns from the phrase before.
template <typename NextPhrase>
std::vector<std::uint8_t> encode(std::size_t n, int literal_width, Tree& tree,
                                 NextPhrase next_phrase) {
  const unsigned clear = 1u << literal_width, first_width = unsigned(literal_width) + 1;
  unsigned next = clear + 2, width = first_width;
  BitWriter bits;
  bits.put(clear, width);
  Phrase phrase{0, 0};
  bool learning = false;
  int learned = -1;
  auto learn = [&](unsigned pixel) {
    if (!learning) return;
    if (learned >= 0) tree.remove(phrase.code, unsigned(learned));
    tree.add(phrase.code, pixel, next);
    learned = int(pixel);
  };
  while (true) {
    learned = -1;
    const Phrase found = next_phrase(phrase.end, learn);
    next += learning;
    phrase = found;
    bits.put(phrase.code, width);
    learning = next < kMaxCodes;
    if (learning && next >> width) ++width;
    if (phrase.end == n) break;
    if (!learning) {
      bits.put(clear, width);
      tree.clear();
      next = clear + 2;
      width = first_width;
    }
  }
  bits.put(clear + 1, width);
  return bits.finish();
}

// Every pixel as it is. All must be below 2^literal_width.
inline std::vector<std::uint8_t> encode(const std::uint8_t* pixels, std::size_t n,
                                        int literal_width) {
  Tree tree(literal_width);
  return encode(n, literal_width, tree, [&](std::size_t start, auto& learn) {
    learn(pixels[start]);
    return longest(tree, pixels, start, n);
  });
}

// The known strings that are one pixel over and over.
class Runs {
 public:
  Runs(const Tree& tree, std::uint8_t pixel)
      : tree_(tree), pixel_(pixel), cleared_(tree.cleared()), codes_{pixel, pixel} {}

  // Takes in what the tree has learned.
  void grow() {
    if (cleared_ != tree_.cleared()) cleared_ = tree_.cleared(), longest_ = 1;
    before_ = longest_;
    while (const unsigned child = tree_.child(codes_[longest_], pixel_)) {
      codes_[++longest_] = std::uint16_t(child);
    }
  }

  // Forgets what it took in last.
  void shrink() { longest_ = before_; }

  // The longest one that fits into a stretch of marked pixels.
  Phrase fitting(const std::uint8_t* marks, std::size_t start, std::size_t n) const {
    const std::size_t most = std::min(n - start, longest_);
    const void* end = std::memchr(marks + start, 0, most);
    const std::size_t length =
        end ? std::size_t(static_cast<const std::uint8_t*>(end) - marks) - start : most;
    return {codes_[length], start + length};
  }

 private:
  const Tree& tree_;
  unsigned pixel_, cleared_;
  std::size_t longest_ = 1, before_ = 1;
  std::uint16_t codes_[kMaxCodes];  // by length
};

// Wildcards in a row from which on other spellings are not tried: twice as fast where pictures hold
// still, at the same size. Of the first only behind them, of the second not at all.
constexpr std::size_t kLongRun = 32, kLongPhrase = 48;

// Pixels marked 1 or 2 may or must be `wildcard`, whichever gives longer strings.
inline std::vector<std::uint8_t> encode(const std::uint8_t* pixels, const std::uint8_t* marks,
                                        std::uint8_t wildcard, std::size_t n, int literal_width) {
  Tree tree(literal_width);
  Runs runs(tree, wildcard);
  return encode(n, literal_width, tree, [&](std::size_t start, auto& learn) {
    const std::uint8_t first = marks[start] ? wildcard : pixels[start];
    learn(first);
    Phrase phrase{first, start + 1};
    if (marks[start]) {
      runs.grow();
      const Phrase run = runs.fitting(marks, start, n);
      if (run.end - start >= kLongRun) phrase = run;
    }
    phrase = longest(tree, pixels, marks, wildcard, phrase, n);
    if (marks[start] != 1 || pixels[start] == wildcard || phrase.end - start >= kLongPhrase) {
      return phrase;
    }
    learn(pixels[start]);
    const Phrase other = longest(tree, pixels, marks, wildcard, {pixels[start], start + 1}, n);
    if (other.end > phrase.end) {
      runs.shrink();
      return other;
    }
    learn(first);
    return phrase;
  });
}

}  // namespace steadyhue::lzw
