"""What a tag's key and value are written in, at every service of AWS.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices
and, of KMS, https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html
"""

import re

TAG = re.compile(r"[\w\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000 .:/=+\-@]*")
"""Letters, digits and spaces of any language, and _ . : / = + - @."""
