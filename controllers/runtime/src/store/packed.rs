//! The bytes of objects, compressed.
//!
//! The objects of a kind are much alike, and small. So each is compressed against another one of them, the *pattern*:
//! what is left is little more than names and ids, a fifth of the bytes or less. Nothing depends on how well that goes.

use std::sync::{Arc, Mutex, PoisonError};

use lz4_flex::block::{DecompressError, compress_with_dict, decompress_with_dict};

/// An object that keeps more than one of so many of its bytes is a misfit.
const FIT: usize = 3;
/// After so many misfits the pattern is replaced. What was packed before holds on to its own, so that all patterns
/// together are small beside the misfits.
const MISFITS: u32 = 16;

/// Bytes that are kept small.
#[derive(Debug)]
pub(super) struct Packed {
    bytes: Box<[u8]>,
    /// How long they are unpacked.
    length: usize,
    pattern: Arc<[u8]>,
}

/// Packs the objects of one kind. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Packer(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    pattern: Option<Arc<[u8]>>,
    misfits: u32,
}

impl Packer {
    pub(super) fn pack(&self, plain: &[u8]) -> Packed {
        let pattern = self.pattern(plain);
        let packed = Packed { bytes: compress_with_dict(plain, &pattern).into(), length: plain.len(), pattern };
        if packed.bytes.len() * FIT > plain.len() {
            self.misfit(plain);
        }
        packed
    }

    fn pattern(&self, first: &[u8]) -> Arc<[u8]> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(state.pattern.get_or_insert_with(|| first.into()))
    }

    fn misfit(&self, plain: &[u8]) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.misfits += 1;
        if state.misfits >= MISFITS {
            *state = State { pattern: Some(plain.into()), misfits: 0 };
        }
    }
}

impl Packed {
    /// The bytes as they were.
    ///
    /// # Errors
    /// When these were not packed so, which would be a defect.
    pub(super) fn plain(&self) -> Result<Vec<u8>, DecompressError> {
        decompress_with_dict(&self.bytes, self.length, &self.pattern)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn bucket(name: &str, id: u64) -> Vec<u8> {
        let condition =
            r#"{"lastTransitionTime":"2026-11-21T17:15:35Z","message":"AWS has what is declared","type":"Ready"}"#;
        let id = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let text =
            format!(r#"{{"metadata":{{"name":"{name}","uid":"{id:x}"}},"status":{{"conditions":[{condition}]}}}}"#);
        text.into_bytes()
    }

    #[test]
    fn what_is_alike_takes_little_room() {
        let packer = Packer::default();
        for number in 0..10 {
            let plain = bucket(&format!("photos-{number}"), number);
            let small = packer.pack(&plain);
            assert!(small.bytes.len() * 4 < plain.len(), "{} of {}", small.bytes.len(), plain.len());
            assert_eq!(small.plain().unwrap(), plain);
        }
    }

    #[test]
    fn a_pattern_that_does_not_fit_is_replaced_and_kept_by_who_needs_it() {
        let packer = Packer::default();
        let first = packer.pack(b"nothing like the others");
        let size = |number: u32| packer.pack(&bucket(&format!("photos-{number}"), number.into())).bytes.len();
        let sizes: Vec<_> = (0..=MISFITS).map(size).collect();
        assert!(sizes.last().unwrap() * 2 < sizes[0], "{sizes:?}");
        assert_eq!(first.plain().unwrap(), b"nothing like the others");
    }

    proptest! {
        #[test]
        fn whatever_is_packed_comes_back(all in vec(vec(any::<u8>(), 0..300), 0..40)) {
            let packer = Packer::default();
            let kept: Vec<_> = all.iter().map(|plain| packer.pack(plain)).collect();
            for (plain, kept) in all.iter().zip(kept) {
                prop_assert_eq!(&kept.plain().unwrap(), plain);
            }
        }
    }
}
