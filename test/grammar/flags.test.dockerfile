# SYNTAX TEST "source.dockerfile" "flags"
COPY --from=build --chown=node:1000 --chmod=0755 --link --exclude=*.md a b
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^ entity.other.attribute-name.flag.dockerfile
#          ^ keyword.operator.assignment.dockerfile
#           ^^^^^ entity.name.type.class.stage.dockerfile
#                   ^^^^^ entity.other.attribute-name.flag.dockerfile
#                         ^^^^ string.unquoted.flag-value.dockerfile
#                             ^ punctuation.separator.flag-value.dockerfile
#                              ^^^^ constant.numeric.dockerfile
#                                           ^^^^ constant.numeric.dockerfile
#                                                  ^^^^ meta.flag.dockerfile entity.other.attribute-name.flag.dockerfile
#                                                         ^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                                                                  ^^^ string.unquoted.flag-value.dockerfile
#                                                                      ^^^ - entity.other.attribute-name.flag.dockerfile
COPY --from=0 --from=docker.io/library/nginx:1 --link=true a b
#           ^ constant.numeric.stage.dockerfile
#                    ^^^^^^^^^ entity.name.namespace.registry.dockerfile
#                                      ^^^^^ entity.name.type.image.dockerfile
#                                            ^ string.unquoted.tag.dockerfile
#                                                     ^^^^ constant.language.boolean.dockerfile
COPY a --link b
#      ^^^^^^ string.unquoted.path.dockerfile - entity.other.attribute-name.flag.dockerfile
ADD --keep-git-dir --checksum=sha256:ab https://example.org/x.git#v1 /x
#     ^^^^^^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ markup.underline.link.dockerfile
#                                                          ^^ markup.underline.link.dockerfile
RUN --mount=type=secret,id=key,target=/run/k,required=true,mode=0400 --network=none cat /run/k
#     ^^^^^ meta.mount.dockerfile entity.other.attribute-name.flag.dockerfile
#           ^^^^ variable.parameter.mount.dockerfile
#               ^ keyword.operator.assignment.dockerfile
#                ^^^^^^ support.constant.mount-type.dockerfile
#                      ^ punctuation.separator.mount.dockerfile
#                       ^^ variable.parameter.mount.dockerfile
#                          ^^^ string.unquoted.mount-value.dockerfile
#                              ^^^^^^ variable.parameter.mount.dockerfile
#                                     ^^^^^^ string.unquoted.mount-value.dockerfile
#                                                     ^^^^ constant.language.boolean.dockerfile
#                                                               ^^^^ constant.numeric.dockerfile
#                                                                      ^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                                                                              ^^^^ string.unquoted.flag-value.dockerfile
#                                                                                   ^^^ meta.embedded.inline.shell.dockerfile - meta.flag.dockerfile
RUN --mount=type=cache,target=/root/.cache,sharing=locked,from=base,readonly \
#                ^^^^^ support.constant.mount-type.dockerfile
#                                                  ^^^^^^ constant.language.sharing.dockerfile
#                                                              ^^^^ entity.name.type.class.stage.dockerfile
#                                                                   ^^^^^^^^ variable.parameter.mount.dockerfile
    --mount=type=bind,source=$SRC,target=${DST:-/d} \
#     ^^^^^ meta.mount.dockerfile entity.other.attribute-name.flag.dockerfile
#                ^^^^ support.constant.mount-type.dockerfile
#                            ^^^^ variable.other.dockerfile
#                                          ^^^ variable.other.dockerfile
#                                               ^^ string.unquoted.expansion.dockerfile
    make --jobs=2
#   ^^^^ meta.embedded.inline.shell.dockerfile
#        ^^^^^^^^ meta.embedded.inline.shell.dockerfile - meta.flag.dockerfile
RUN --mount=type=cache,\
#                      ^ punctuation.separator.continuation.dockerfile
target=/a x
# <------ meta.mount.dockerfile variable.parameter.mount.dockerfile
#      ^^ string.unquoted.mount-value.dockerfile
#         ^ meta.embedded.inline.shell.dockerfile
COPY --from=$STAGE a b
#                  ^^^ meta.instruction.copy.dockerfile - variable.other.dockerfile
#           ^^^^^^ - variable.other.dockerfile
