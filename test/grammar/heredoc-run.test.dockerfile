# SYNTAX TEST "source.dockerfile" "heredocs of RUN"
RUN <<EOF
# <--- keyword.other.special-method.dockerfile
#   ^^ keyword.operator.heredoc.dockerfile
#     ^^^ keyword.control.heredoc-token.dockerfile
echo "a $B
# <---- meta.heredoc.body.dockerfile meta.embedded.block.shellscript entity.name.command.shell
#    ^^^ string.quoted.double.shell
# a comment of the string
# <------------------------- string.quoted.double.shell - comment.line.number-sign.dockerfile
FROM a \
# <---- string.quoted.double.shell - keyword.other.special-method.dockerfile
EOF
# <--- meta.heredoc.dockerfile keyword.control.heredoc-token.dockerfile - string.quoted.double.shell
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
RUN <<-'END' # trailing
#   ^^^ keyword.operator.heredoc.dockerfile
#       ^^^ keyword.control.heredoc-token.dockerfile
	if true; then
#^^ meta.embedded.block.shellscript keyword.control.shell
	 END
# ^^^ meta.embedded.block.shellscript - keyword.control.heredoc-token.dockerfile
	END
#^^^ keyword.control.heredoc-token.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile
RUN <<EOF
	EOF
#^^^ meta.embedded.block.shellscript - keyword.control.heredoc-token.dockerfile
EOFX
# <---- meta.embedded.block.shellscript - keyword.control.heredoc-token.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN --mount=type=cache,target=/c --network=none <<"E O F"
#                ^^^^^ support.constant.mount-type.dockerfile
#                                  ^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                                                  ^^^^^ keyword.control.heredoc-token.dockerfile
make
# <---- meta.embedded.block.shellscript entity.name.command.shell
E O F
# <----- keyword.control.heredoc-token.dockerfile
RUN python3 <<EOF && echo "open
#   ^^^^^^^ meta.heredoc.command.dockerfile meta.embedded.inline.shell.dockerfile entity.name.command.shell
#           ^^ keyword.operator.heredoc.dockerfile
#                 ^^ keyword.operator.shell
#                         ^^^^^ string.quoted.double.shell
import os
# <------ meta.embedded.block.python keyword.control.python - string.quoted.double.shell
x = '''never closed
#   ^^^^^^^^^^^^^^^ string.quoted.docstring.python
EOF
# <--- keyword.control.heredoc-token.dockerfile - string.quoted.docstring.python
RUN /usr/bin/env python3.12 -u - <<EOF
import os
# <------ meta.embedded.block.python keyword.control.python
EOF
RUN cd /x && node <<'JS' | sort
#                    ^^ keyword.control.heredoc-token.dockerfile
#                          ^^^^ meta.embedded.inline.shell.dockerfile
const a = "b"
# <----- meta.embedded.block.javascript keyword.control.js
JS
# <-- keyword.control.heredoc-token.dockerfile
RUN bash -ex <<EOF
if x
# <-- meta.embedded.block.shellscript keyword.control.shell
EOF
RUN perl <<EOF
print "x"
# <----- meta.embedded.block.perl keyword.control.perl
EOF
RUN ruby <<EOF
puts "x"
# <---- meta.embedded.block.ruby keyword.control.ruby
EOF
RUN php <<'EOF'
<?php echo $x;
#     ^^^^ meta.embedded.block.php source.php keyword.control.php
EOF
RUN pwsh <<EOF
foreach
# <------- meta.embedded.block.powershell keyword.control.powershell
EOF
RUN psql -U postgres app <<EOF
SELECT 1
# <------ meta.embedded.block.sql keyword.control.sql
EOF
RUN <<EOF python3
#         ^^^^^^^ meta.embedded.inline.shell.dockerfile
import os
# <------ meta.embedded.block.python keyword.control.python
EOF
RUN <<EOT bash
set -ex
# <--- meta.embedded.block.shellscript entity.name.command.shell
EOT
RUN python3 script.py <<EOF
import os
# <------ meta.heredoc.body.dockerfile - meta.embedded.block.python
EOF
RUN cat <<EOF > /etc/app.json
#   ^^^ entity.name.command.shell
#             ^ meta.embedded.inline.shell.dockerfile
{"a": true
#     ^^^^ meta.embedded.block.json constant.language.json
EOF
RUN cat > /app/x.py <<'EOF'
import os
# <------ meta.embedded.block.python keyword.control.python
EOF
RUN mkdir -p x && tee -a "x/y.yml" <<EOF >/dev/null
a: b
# <- meta.embedded.block.yaml entity.name.tag.yaml
EOF
RUN cat <<EOF > /etc/motd
plain "text $USER ${X:-y} \$Z
# <----------- meta.heredoc.body.dockerfile - meta.embedded.block.shellscript
#           ^^^^^ variable.other.dockerfile
#                   ^ variable.other.dockerfile
#                         ^^ constant.character.escape.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN cat <<'EOF' > /etc/motd
$NOT "expanded
# <-------------- meta.heredoc.body.dockerfile - variable.other.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN <<EOF
#!/usr/bin/env python3
import os
# <------ meta.embedded.block.python keyword.control.python
EOF
RUN <<-EOF
	#!/usr/bin/perl -w
	print "x"
#^^^^^ meta.embedded.block.perl keyword.control.perl
	EOF
#^^^ keyword.control.heredoc-token.dockerfile
RUN <<EOF
#!/bin/bash
if x
# <-- meta.embedded.block.shellscript keyword.control.shell
EOF
RUN <<EOF
echo
#!/usr/bin/python3 is late
import os
# <------ meta.embedded.block.shellscript - meta.embedded.block.python
EOF
RUN cat <<A <<B
#         ^ keyword.control.heredoc-token.dockerfile
#             ^ keyword.control.heredoc-token.dockerfile
one "
# <----- meta.heredoc.body.dockerfile
A
two
# <--- meta.heredoc.body.dockerfile
B
# <- keyword.control.heredoc-token.dockerfile
ONBUILD RUN <<EOF
# <------- keyword.control.onbuild.dockerfile
make
# <---- meta.embedded.block.shellscript entity.name.command.shell
EOF
# <--- keyword.control.heredoc-token.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
