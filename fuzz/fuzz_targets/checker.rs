//! The target `checker` for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    (cairn_fuzz::TARGETS[1].run)(input);
});
