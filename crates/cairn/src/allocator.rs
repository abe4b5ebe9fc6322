//! The allocator: mimalloc for what requests make, the system's for pieces as large as a password's hash takes.
//!
//! A request makes and drops dozens of small pieces on the thread that serves it, for which mimalloc takes half the
//! system's time. But it keeps what is freed until later work comes by: an idle server would stay 64 MiB larger after
//! each sign-in. The system's allocator maps a piece of that size by itself and unmaps it when it is freed.
#![expect(unsafe_code, reason = "whoever is a global allocator is unsafe; this one only passes calls on")]

use std::alloc::{GlobalAlloc, Layout, System};

use mimalloc::MiMalloc;

/// Pieces of this size and more are the system's.
///
/// Above 32 MiB glibc keeps none, whatever it learns from the sizes that are freed (`M_MMAP_THRESHOLD` in mallopt(3)). A
/// hash at the usual cost takes a little less than 64.
const LARGE_BYTES: usize = (32 << 20) + 1;

/// The allocator of the whole process.
pub(crate) struct Allocator;

const fn is_large(size: usize) -> bool {
    size >= LARGE_BYTES
}

// SAFETY: every piece belongs to one of two allocators, which its size alone decides. A piece is freed and grown with
// the size it was made with, so both calls reach the allocator that made it; one whose new size belongs to the other
// is made anew there and copied.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: both ask of the caller what this function asks.
        unsafe { if is_large(layout.size()) { System.alloc(layout) } else { MiMalloc.alloc(layout) } }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as in `alloc`.
        unsafe {
            if is_large(layout.size()) { System.alloc_zeroed(layout) } else { MiMalloc.alloc_zeroed(layout) }
        }
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        if is_large(layout.size()) {
            // SAFETY: as in `alloc`; the size says who made the piece.
            unsafe { System.dealloc(piece, layout) };
        } else {
            // SAFETY: likewise.
            unsafe { MiMalloc.dealloc(piece, layout) };
        }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        match (is_large(layout.size()), is_large(size)) {
            // SAFETY: as in `dealloc`; the piece stays with who made it.
            (false, false) => unsafe { MiMalloc.realloc(piece, layout, size) },
            // SAFETY: likewise.
            (true, true) => unsafe { System.realloc(piece, layout, size) },
            // SAFETY: `size`, rounded up to the alignment, fits an `isize`, as the caller promises. The new piece is another
            // one, and both are at least as long as what is copied.
            _ => unsafe {
                let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
                if !moved.is_null() {
                    moved.copy_from_nonoverlapping(piece, layout.size().min(size));
                    self.dealloc(piece, layout);
                }
                moved
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LARGE_BYTES;

    #[test]
    fn pieces_keep_what_they_hold_when_they_change_their_allocator() {
        let pattern = |at: usize| u8::try_from(at % 251).expect("below 251");
        let mut piece: Vec<u8> = (0..LARGE_BYTES - 1).map(pattern).collect();
        piece.shrink_to_fit();
        piece.reserve_exact(2);
        assert!(piece.iter().enumerate().all(|(at, byte)| *byte == pattern(at)), "grown");
        piece.truncate(1000);
        piece.shrink_to_fit();
        assert!(piece.iter().enumerate().all(|(at, byte)| *byte == pattern(at)), "shrunk");
        assert!(vec![0_u8; 2 * LARGE_BYTES].iter().all(|byte| *byte == 0), "zeroed");
    }
}
