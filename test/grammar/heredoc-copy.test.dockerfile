# SYNTAX TEST "source.dockerfile" "heredocs of COPY and ADD"
COPY <<EOF /etc/motd
# <---- keyword.other.special-method.dockerfile
#    ^^ keyword.operator.heredoc.dockerfile
#      ^^^ keyword.control.heredoc-token.dockerfile
#          ^^^^^^^^^ string.unquoted.path.dockerfile
Hello $USER, "${X:-you} \$HOME
# <----- meta.heredoc.body.dockerfile - meta.embedded.block.shellscript
#     ^^^^^ variable.other.dockerfile
#               ^ variable.other.dockerfile
#                  ^^^ meta.expansion.dockerfile
#                       ^^ constant.character.escape.dockerfile
# not a comment
# <--------------- meta.heredoc.body.dockerfile - comment.line.number-sign.dockerfile
RUN neither "
# <--- meta.heredoc.body.dockerfile - keyword.other.special-method.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
COPY <<'EOF' /etc/motd
Hello $USER
# <----------- meta.heredoc.body.dockerfile - variable.other.dockerfile
EOF
COPY --chmod=755 <<EOF /app/x.py
#            ^^^ constant.numeric.dockerfile
import "$X never closed
# <------ meta.embedded.block.python keyword.control.python
#       ^^ string.quoted.double.python variable.other.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile - string.quoted.double.python
COPY <<"EOF" "/app/x.js"
const a = `$B`
# <----- meta.embedded.block.javascript keyword.control.js
#          ^^ - variable.other.dockerfile
EOF
COPY <<EOF /app/x.ts
type A = 1
# <---- meta.embedded.block.typescript keyword.control.ts
EOF
COPY <<EOF /app/x.json
{ "a": "$B"
# ^^^ meta.embedded.block.json meta.structure.dictionary.json string.quoted.double.json
#       ^^ string.quoted.double.json variable.other.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile - meta.structure.dictionary.json
COPY <<EOF /app/x.jsonc
true // a
#    ^^^^ meta.embedded.block.jsonc comment.line.json
EOF
COPY <<EOF docker-compose.yml
services:
# <-------- meta.embedded.block.yaml entity.name.tag.yaml
EOF
COPY <<EOF /app/x.yaml
a: 1
# <- meta.embedded.block.yaml entity.name.tag.yaml
EOF
COPY <<EOF /app/run.sh
if x
# <-- meta.embedded.block.shellscript keyword.control.shell
EOF
COPY <<EOF /root/.bashrc
if x
# <-- meta.embedded.block.shellscript keyword.control.shell
EOF
COPY <<EOF /srv/index.html
<p class="$C">
# <-- meta.embedded.block.html meta.tag.html
#         ^^ meta.tag.html variable.other.dockerfile
EOF
COPY <<EOF /srv/x.css
body
# <---- meta.embedded.block.css keyword.control.css
EOF
COPY <<EOF /srv/x.svg
<svg
# <---- meta.embedded.block.xml meta.tag.xml
EOF
# <--- keyword.control.heredoc-token.dockerfile
COPY <<EOF /etc/x.toml
[table]
# <------- meta.embedded.block.toml entity.name.section.toml
EOF
COPY <<EOF /etc/nginx/nginx.conf
user = x # "
# <---- meta.embedded.block.ini keyword.other.definition.ini
EOF
# <--- keyword.control.heredoc-token.dockerfile
COPY <<EOF php.ini
[PHP]
# <----- meta.embedded.block.ini entity.name.section.ini
EOF
COPY <<EOF /init.sql
SELECT 'it
# <------ meta.embedded.block.sql keyword.control.sql
EOF
COPY <<EOF x.rb
puts
# <---- meta.embedded.block.ruby keyword.control.ruby
EOF
COPY <<EOF x.pl
print
# <----- meta.embedded.block.perl keyword.control.perl
EOF
COPY <<'EOF' /srv/index.php
<p><?php echo $x ?></p>
# <--- meta.embedded.block.php meta.tag.html
#        ^^^^ meta.embedded.block.php source.php keyword.control.php
#             ^^ source.php variable.other.php
#                  ^^^^ meta.tag.html
EOF
COPY <<EOF x.ps1
foreach
# <------- meta.embedded.block.powershell keyword.control.powershell
EOF
COPY <<EOF README.md
# Title
# <------- meta.embedded.block.markdown markup.heading.markdown
EOF
COPY <<EOF /src/Makefile
include
# <------- meta.embedded.block.makefile keyword.control.makefile
EOF
COPY <<EOF main.go
package x
# <------- meta.embedded.block.go keyword.control.go
EOF
COPY <<EOF x.lua
local a
# <----- meta.embedded.block.lua keyword.control.lua
EOF
COPY <<EOF x.bat
echo a
# <---- meta.embedded.block.bat keyword.control.batchfile
EOF
COPY <<EOF /src/Dockerfile.dev
FROM a AS b
# <---- meta.embedded.block.dockerfile meta.instruction.from.dockerfile keyword.other.special-method.dockerfile
#         ^ entity.name.type.class.stage.dockerfile
RUN echo "x \
#        ^^^ meta.embedded.block.dockerfile string.quoted.double.shell
  y
USER c
# <---- meta.embedded.block.dockerfile meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
COPY <<app.py /x
#      ^^^^^^ keyword.control.heredoc-token.dockerfile
import os
# <------ meta.embedded.block.python keyword.control.python
app.py
# <------ keyword.control.heredoc-token.dockerfile
COPY <<a.py <<'b.js' /dest/
#      ^^^^ keyword.control.heredoc-token.dockerfile
#           ^^ keyword.operator.heredoc.dockerfile
#              ^^^^ keyword.control.heredoc-token.dockerfile
#                    ^^^^^^ string.unquoted.path.dockerfile
import "$A
# <------ meta.embedded.block.python keyword.control.python
#       ^^ variable.other.dockerfile
a.py
# <---- keyword.control.heredoc-token.dockerfile - string.quoted.double.python
const b = "$B
# <----- meta.embedded.block.javascript keyword.control.js - meta.embedded.block.python
#          ^^ string.quoted.double.js - variable.other.dockerfile
b.js
# <---- keyword.control.heredoc-token.dockerfile - string.quoted.double.js
COPY <<'a.sh' <<b.txt /dest/
if $A
# <-- meta.embedded.block.shellscript keyword.control.shell
#  ^^ variable.other.shell - variable.other.dockerfile
a.sh
# <---- keyword.control.heredoc-token.dockerfile
plain $B
# <----- meta.heredoc.body.dockerfile - meta.embedded.block.shellscript
#     ^^ variable.other.dockerfile
b.txt
# <----- keyword.control.heredoc-token.dockerfile
COPY <<a <<b <<c /dest/
#              ^ keyword.control.heredoc-token.dockerfile
1
a
2
b
3 "
# <--- meta.heredoc.body.dockerfile
c
# <- keyword.control.heredoc-token.dockerfile
COPY <<EOF /usr/local/bin/entrypoint
#!/bin/sh
if x
# <-- meta.embedded.block.shellscript keyword.control.shell
EOF
COPY <<EOF /usr/local/bin/entrypoint
#!/usr/bin/env node
const x
# <----- meta.embedded.block.javascript keyword.control.js
EOF
ADD <<EOF /etc/motd
hello
# <----- meta.heredoc.body.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile
ONBUILD COPY <<EOF /x.py
import os
# <------ meta.embedded.block.python keyword.control.python
EOF
# <--- keyword.control.heredoc-token.dockerfile
CMD ["x"]
# <--- meta.instruction.command.dockerfile keyword.other.special-method.dockerfile
