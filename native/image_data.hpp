// The image data of a GIF: LZW codes in a chain of sub-blocks, and which pixel gets which code.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "canvas.hpp"
#include "lzw.hpp"

namespace steadyhue {

// Where a chain of sub-blocks ends, and how many bytes it holds.
struct SubBlocks {
  std::size_t end;    // behind the empty block that closes the chain
  std::size_t bytes;  // of all blocks together
  bool closed;        // false: the data ends before the chain does
};

inline SubBlocks follow_blocks(const std::uint8_t* data, std::size_t size, std::size_t start) {
  SubBlocks blocks{start, 0, false};
  while (blocks.end < size) {
    const std::size_t length = data[blocks.end];
    const std::size_t there = std::min(length, size - blocks.end - 1);
    blocks.end += 1 + there;
    blocks.bytes += there;
    if (length == 0) blocks.closed = true;
    if (there < length || length == 0) break;
  }
  return blocks;
}

// Copy the contents of the chain's blocks to `out`, which has room for them.
inline void join_blocks(const std::uint8_t* data, std::size_t size, std::size_t start,
                        std::uint8_t* out) {
  while (start < size && data[start] != 0) {
    const std::size_t length = std::min<std::size_t>(data[start], size - start - 1);
    std::memcpy(out, data + start + 1, length);
    out += length;
    start += 1 + length;
  }
}

// The indices of an image are at area + lzw::kLiterals; those past found.pixels are not
// initialized.
struct DecodedImage {
  std::unique_ptr<std::uint8_t[]> area;
  lzw::Decoded found;
};

// Decode the chain at `start` of `data`, which ends at `end`, to up to n_pixels.
inline DecodedImage decode_image(const std::uint8_t* data, std::size_t start, std::size_t end,
                                 int literal_width, std::size_t n_pixels) {
  const SubBlocks blocks = follow_blocks(data, end, start);
  std::unique_ptr<std::uint8_t[]> codes(new std::uint8_t[blocks.bytes]);
  join_blocks(data, end, start, codes.get());
  DecodedImage image;
  image.area.reset(new std::uint8_t[lzw::kLiterals + n_pixels + lzw::kChunk]);
  image.found = lzw::decode(codes.get(), blocks.bytes, literal_width, image.area.get(), n_pixels);
  return image;
}

// Literal width, sub-blocks, end mark.
inline std::vector<std::uint8_t> chained(const std::vector<std::uint8_t>& codes,
                                         int literal_width) {
  std::vector<std::uint8_t> out;
  out.reserve(codes.size() + codes.size() / 255 + 3);
  out.push_back(std::uint8_t(literal_width));
  for (std::size_t i = 0; i < codes.size(); i += 255) {
    const std::size_t length = std::min<std::size_t>(255, codes.size() - i);
    out.push_back(std::uint8_t(length));
    out.insert(out.end(), codes.begin() + std::ptrdiff_t(i),
               codes.begin() + std::ptrdiff_t(i + length));
  }
  out.push_back(0);
  return out;
}

// The rows of a box, end to end.
inline std::vector<std::uint8_t> cut(const std::uint8_t* picture, std::int64_t width,
                                     const Box& box) {
  std::vector<std::uint8_t> out;
  out.reserve(std::size_t(box.width * box.height));
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    const std::uint8_t* row = picture + y * width + box.left;
    out.insert(out.end(), row, row + box.width);
  }
  return out;
}

// Encode the picture's box, which has a pixel. A see-through pixel is `transparent` (-1:
// keeps its index), a kept one may be where `skip_kept`. An index of literal_width bits or
// more has no code: a kept pixel that shows it must be skipped; nothing where one can't be.
inline std::optional<std::vector<std::uint8_t>> encode_image(const std::uint8_t* indices,
                                                             const std::uint8_t* marks,
                                                             std::int64_t width, const Box& box,
                                                             int literal_width, int transparent,
                                                             bool skip_kept) {
  auto pixels = cut(indices, width, box);
  auto pixel_marks = cut(marks, width, box);
  const std::size_t n = pixels.size();
  if (transparent >= 0) {
    for (std::size_t i = 0; i < n; ++i) {
      if (pixel_marks[i] == kSeeThrough) pixels[i] = std::uint8_t(transparent);
    }
  }
  if (largest(pixels.data(), n) >> literal_width) {
    for (std::size_t i = 0; i < n; ++i) {
      if (pixels[i] >> literal_width == 0) continue;
      if (!skip_kept || pixel_marks[i] == kChanged) return std::nullopt;
      pixel_marks[i] = kSeeThrough;
    }
  }
  return chained(skip_kept ? lzw::encode(pixels.data(), pixel_marks.data(),
                                         std::uint8_t(transparent), n, literal_width)
                           : lzw::encode(pixels.data(), n, literal_width),
                 literal_width);
}

}  // namespace steadyhue
