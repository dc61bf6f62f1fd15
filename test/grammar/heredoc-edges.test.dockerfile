# SYNTAX TEST "source.dockerfile" "heredocs on continued lines, and what is not a heredoc"
RUN --mount=type=cache,target=/x \
#                ^^^^^ support.constant.mount-type.dockerfile
    --network=none \
  # a comment about <<EOF
# ^^^^^^^^^^^^^^^^^^^^^^^ comment.line.number-sign.dockerfile
    <<EOF
#   ^^ keyword.operator.heredoc.dockerfile
#     ^^^ keyword.control.heredoc-token.dockerfile
echo "x
# <---- meta.embedded.block.shellscript entity.name.command.shell
EOF
# <--- keyword.control.heredoc-token.dockerfile - string.quoted.double.shell
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
RUN a && \
  python3 <<-EOF
# ^^^^^^^ meta.embedded.inline.shell.dockerfile entity.name.command.shell
#            ^^^ keyword.control.heredoc-token.dockerfile
	import os
#^^^^^^ meta.embedded.block.python keyword.control.python
	EOF
#^^^ keyword.control.heredoc-token.dockerfile
COPY --chmod=755 \
<<EOF /x.json
# <-- keyword.operator.heredoc.dockerfile
{"a
#^^ meta.embedded.block.json string.quoted.double.json
EOF
# <--- keyword.control.heredoc-token.dockerfile
COPY <<EOF \
#      ^^^ keyword.control.heredoc-token.dockerfile
#          ^ punctuation.separator.continuation.dockerfile
  # a comment
# ^^^^^^^^^^^ comment.line.number-sign.dockerfile
  /etc/motd
# ^^^^^^^^^ string.unquoted.path.dockerfile - meta.heredoc.body.dockerfile
text $A
# <---- meta.heredoc.dockerfile - string.unquoted.path.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN <<EOF cat \
#             ^ punctuation.separator.continuation.dockerfile
  > /x && \
#      ^^ keyword.operator.shell
  ls "
#    ^ meta.heredoc.command.dockerfile string.quoted.double.shell
body
# <---- meta.heredoc.dockerfile - string.quoted.double.shell
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN echo "<<EOF" '<<EOF' \<<EOF
#        ^^^^^^^ string.quoted.double.shell - meta.heredoc.dockerfile
#                ^^^^^^^ string.quoted.single.shell - meta.heredoc.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
RUN echo "a \
 cat <<EOF > /x \
#^^^^^^^^^ string.quoted.double.shell - meta.heredoc.dockerfile
 cat <<EOF > /y"
#^^^^^^^^^ string.quoted.double.shell - meta.heredoc.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile
RUN echo $((1<<4)) $(( 1 << 4 ))
#              ^ - keyword.control.heredoc-token.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile
RUN cat <<
USER x
# <---- keyword.other.special-method.dockerfile
RUN cat <<'EOF
USER x
# <---- keyword.other.special-method.dockerfile
CMD cat <<EOF
#       ^^ keyword.operator.redirect.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile
ENV A=<<EOF
USER x
# <---- keyword.other.special-method.dockerfile
COPY ["<<EOF", "/x"]
#     ^^^^^^^ string.quoted.double.json.dockerfile - meta.heredoc.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile
RUN cat << EOF
#          ^^^ keyword.control.heredoc-token.dockerfile
x
# <- meta.heredoc.body.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN cat 3<<EOF <&3
#       ^ constant.numeric.file-descriptor.dockerfile
#          ^^^ keyword.control.heredoc-token.dockerfile
x
# <- meta.heredoc.body.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN <<a.b+c
echo
a.b+c
# <----- keyword.control.heredoc-token.dockerfile
RUN foo <<EOF
EOF
# <--- keyword.control.heredoc-token.dockerfile
# a comment
# <----------- comment.line.number-sign.dockerfile - meta.instruction.run.dockerfile
RUN <<OUTER
cat <<INNER
#     ^^^^^ meta.embedded.block.shellscript
x
INNER
echo "
OUTER
# <----- keyword.control.heredoc-token.dockerfile
RUN <<EOF
cat <<EOF \
EOF
# <--- keyword.control.heredoc-token.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
