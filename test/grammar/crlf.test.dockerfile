# SYNTAX TEST "source.dockerfile" "CRLF line ends"
# syntax=docker/dockerfile:1
# ^^^^^^ keyword.control.directive.dockerfile
FROM alpine:3 AS base
#           ^ string.unquoted.tag.dockerfile
#                ^^^^ entity.name.type.class.stage.dockerfile
ENV A="b" \
#         ^ punctuation.separator.continuation.dockerfile
  # a comment
# ^^^^^^^^^^^ comment.line.number-sign.dockerfile
  C=d
# ^ variable.other.env.dockerfile
RUN <<EOF
echo "x
#    ^^ string.quoted.double.shell
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN echo "x \
y
# <- string.quoted.double.shell
CMD ["a"]
# <--- keyword.other.special-method.dockerfile
#       ^ punctuation.definition.array.end.dockerfile
