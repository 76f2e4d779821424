# The image holds two files: the static binary and the CA certificates.
#
#   docker build -t REGISTRY/cairn:0.1.0 .
#
# Without a container registry, from a folder with both files made elsewhere (see the stage "build" for how), no base
# image is pulled: buildah bud --build-context build=FOLDER …

FROM docker.io/library/rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# Static glibc needs no libc in the image, and since 2.34 it resolves names without loading a library. The target is
# named, although it is the host's, because only then RUSTFLAGS spare build scripts and procedural macros, which are
# loaded and so cannot be static. Every platform builds on itself (or emulated): nothing is cross-compiled.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target,sharing=locked \
    target="$(rustc -vV | sed -n 's/^host: //p')" \
 && RUSTFLAGS="-C target-feature=+crt-static" cargo build --locked --release --package cairn --bin cairn --target "$target" \
 && cp "target/$target/release/cairn" /cairn \
 && cp /etc/ssl/certs/ca-certificates.crt /ca-certificates.crt

FROM scratch
LABEL org.opencontainers.image.title="cairn" \
      org.opencontainers.image.description="Kubernetes operators for AWS in one process" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /cairn /cairn
# Where the TLS libraries look first.
COPY --from=build /ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
USER 65532:65532
ENTRYPOINT ["/cairn"]
CMD ["run"]
