//! The target `simple_schema` for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    (cairn_fuzz::TARGETS[3].run)(input);
});
