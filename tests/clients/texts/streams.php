<?php
echo file_get_contents('https://api.infocu5.com/dialer/?'), "\n";
