// Boxes of pixels in a picture.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace steadyhue {

struct Box {
  std::int64_t left, top, width, height;
};

// The part of a box that lies inside a canvas.
inline Box inside(const Box& box, std::int64_t width, std::int64_t height) {
  const std::int64_t left = std::min(box.left, width), top = std::min(box.top, height);
  return {left, top, std::min(box.width, width - left), std::min(box.height, height - top)};
}

inline bool is_empty(const Box& box) { return box.width <= 0 || box.height <= 0; }

// The smallest box around both.
inline Box around(const Box& a, const Box& b) {
  if (is_empty(a)) return b;
  if (is_empty(b)) return a;
  const std::int64_t left = std::min(a.left, b.left), top = std::min(a.top, b.top);
  return {left, top, std::max(a.left + a.width, b.left + b.width) - left,
          std::max(a.top + a.height, b.top + b.height) - top};
}

// Call visit(first pixel, number of pixels) for each row of a box; rows as wide as the picture,
// which follow each other in memory, come as one.
template <class Visit>
void for_rows(const Box& box, std::size_t width, const Visit& visit) {
  if (is_empty(box)) return;
  const std::size_t start = std::size_t(box.top) * width + std::size_t(box.left);
  if (std::size_t(box.width) == width) return visit(start, width * std::size_t(box.height));
  for (std::size_t y = 0; y < std::size_t(box.height); ++y) {
    visit(start + y * width, std::size_t(box.width));
  }
}

// The same for those of its pixels that are in [start, end).
template <class Visit>
void for_rows(const Box& box, std::size_t width, std::size_t start, std::size_t end,
              const Visit& visit) {
  if (is_empty(box)) return;
  const std::int64_t rows[2] = {std::int64_t(start / width), std::int64_t((end - 1) / width)};
  const std::int64_t top = std::max(box.top, rows[0]);
  const std::int64_t bottom = std::min(box.top + box.height - 1, rows[1]);
  for_rows({box.left, top, box.width, bottom + 1 - top}, width,
           [&](std::size_t first, std::size_t count) {
             const std::size_t from = std::max(first, start);
             const std::size_t to = std::min(first + count, end);
             if (from < to) visit(from, to - from);
           });
}

// The smallest box around what differs in a box of two pictures; empty if nothing does.
template <class T>
Box difference(const T* one, const T* other, std::int64_t width, const Box& box) {
  std::int64_t left = width, right = -1, top = -1, bottom = -1;  // the last ones, not those behind
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    const T *a = one + y * width, *b = other + y * width;
    if (std::memcmp(a + box.left, b + box.left, std::size_t(box.width) * sizeof(T)) == 0) continue;
    std::int64_t first = box.left, last = box.left + box.width - 1;
    while (a[first] == b[first]) ++first;
    while (a[last] == b[last]) --last;
    left = std::min(left, first), right = std::max(right, last);
    if (top < 0) top = y;
    bottom = y;
  }
  if (right < 0) return {0, 0, 0, 0};
  return {left, top, right - left + 1, bottom - top + 1};
}

}  // namespace steadyhue
