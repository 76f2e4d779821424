//! The target `evaluator` for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    (cairn_fuzz::TARGETS[2].run)(input);
});
